/* SPDX-License-Identifier: MIT */
/*
 * What the check of a proof knows of a 32-bit integer: bounds of it as a signed
 * number, and its lowest bits. Written from the WebAssembly specification, and
 * on purpose without a line of ranges/range.c: what is wrong there must not be
 * wrong here. Every function is sound: its result holds for all numbers that
 * its operands hold for.
 */
#ifndef F4E_CHECK_INTERVAL_H
#define F4E_CHECK_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

/* lo <= number <= hi, both within 32 bits and never crossed; the lowest 'bits'
 * bits (0 to 32) of the number are 'low', which has no others. */
struct interval {
    int64_t lo;
    int64_t hi;
    uint32_t residue;
    uint32_t bits;
};

struct interval interval_top(void);
struct interval interval_constant(uint32_t number);
/* lo <= hi, within 32 bits. */
struct interval interval_between(int64_t lo, int64_t hi);

bool interval_is_top(const struct interval *a);
bool interval_is_constant(const struct interval *a);
bool interval_contains(const struct interval *a, uint32_t number);
/* Every number of 'inner' is one of 'outer'. */
bool interval_within(const struct interval *inner,
                     const struct interval *outer);
bool interval_equal(const struct interval *a, const struct interval *b);

/* Numbers of either. */
struct interval interval_join(const struct interval *a,
                              const struct interval *b);
/* Numbers of both. False, and '*a' as it was, when there is none. */
bool interval_meet(struct interval *a, const struct interval *b);

/* Bounds as an unsigned number: 0 and the greatest when the sign is unknown. */
void interval_unsigned(const struct interval *a, int64_t *lo, int64_t *hi);

/* What an instruction with one or two i32 operands gives, if it does not trap;
 * any number for one that has no rule. */
struct interval interval_unary(uint32_t code, const struct interval *a);
struct interval interval_binary(uint32_t code, const struct interval *a,
                                const struct interval *b);

/* ---- interval_shift.c ---- */

/* For interval_binary(): a shift by a number that is not known, and unsigned
 * division. */
struct interval interval_shift(uint32_t code, const struct interval *a,
                               const struct interval *by);
struct interval interval_divide_unsigned(const struct interval *a,
                                         const struct interval *b);
struct interval interval_remainder_unsigned(const struct interval *a,
                                            const struct interval *b);

/* ---- interval_compare.c ---- */

/* Whether 'code' compares two i32 operands; the comparison that is true just
 * when 'code' is false. */
bool interval_is_comparison(uint32_t code);
uint32_t interval_negated(uint32_t code);

/* The comparison 'code' is true: make its operands as narrow as that allows.
 * False when it cannot be. */
bool interval_assume(uint32_t code, struct interval *a, struct interval *b);

#endif
