/* SPDX-License-Identifier: MIT */
/* Shared by interval*.c only. */
#ifndef F4E_INTERVAL_INTERNAL_H
#define F4E_INTERVAL_INTERNAL_H

#include "ranges/check/interval.h"

/*
 * The result of an operation on exact integers: without bounds where they leave
 * 32 bits, because the instruction wraps around; the low bits stay known then.
 * Top when bounds and bits exclude each other: no execution gets there.
 */
struct interval interval_make(int64_t lo, int64_t hi, uint32_t residue,
                              uint32_t bits);

static inline int64_t interval_smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t interval_larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline uint32_t interval_least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

#endif
