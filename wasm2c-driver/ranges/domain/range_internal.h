/* SPDX-License-Identifier: MIT */
/* Shared by range*.c only. */
#ifndef F4E_RANGE_INTERNAL_H
#define F4E_RANGE_INTERNAL_H

#include "ranges/domain/range.h"

/*
 * The result of an operation: exact bounds, which become top where they leave
 * 32 bits, because the instruction wraps around; and the low bits, which
 * wrapping around keeps. At least one number must satisfy both.
 */
struct range range_make(int64_t lo, int64_t hi, uint32_t residue,
                        uint32_t bits);

/* The number of low bits that are zero in every number of 'a'. */
uint32_t range_trailing_zeros(const struct range *a);

static inline uint32_t range_least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

#endif
