/* SPDX-License-Identifier: MIT */
/*
 * The check's abstract domain of 32-bit integers: bounds as a signed number,
 * and the low bits. Written from the WebAssembly specification, on purpose
 * without a line of ranges/domain/, so that an error there is not one
 * here. Every function is sound: its result contains the result of all numbers
 * that its operands contain. An interval is never empty.
 */
#ifndef F4E_INTERVAL_H
#define F4E_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

/* lo <= number <= hi, within 32 bits; the low 'bits' bits (0 to 32) of the
 * number, and of both bounds, are 'residue', which is below 2^bits. */
struct interval {
    int64_t lo;
    int64_t hi;
    uint32_t residue;
    uint32_t bits;
};

/* ---- interval.c: the lattice ---- */

struct interval interval_top(void);
struct interval interval_constant(uint32_t number);
/* lo <= hi, within 32 bits. */
struct interval interval_between(int64_t lo, int64_t hi);

bool interval_is_top(const struct interval *a);
bool interval_is_constant(const struct interval *a);
bool interval_contains(const struct interval *a, uint32_t number);
/* Every number of 'inner' is in 'outer'. */
bool interval_within(const struct interval *inner,
                     const struct interval *outer);
bool interval_equal(const struct interval *a, const struct interval *b);

/* The least interval that contains both. */
struct interval interval_join(const struct interval *a,
                              const struct interval *b);
/* Leave the numbers that are in 'b' too. False, with '*a' as it was, when there
 * are none. */
bool interval_meet(struct interval *a, const struct interval *b);

/* Bounds as an unsigned number: all of 32 bits when the sign is not known. */
void interval_unsigned(const struct interval *a, int64_t *lo, int64_t *hi);

/* ---- interval_ops.c: transfer functions ---- */

/* The result of an instruction with one or two i32 operands, if it does not
 * trap; top for an opcode without a rule. */
struct interval interval_unary(uint32_t code, const struct interval *a);
struct interval interval_binary(uint32_t code, const struct interval *a,
                                const struct interval *b);

/* ---- interval_shift.c: for interval_binary() ---- */

/* A shift by a number that is not constant; unsigned division. */
struct interval interval_shift(uint32_t code, const struct interval *a,
                               const struct interval *by);
struct interval interval_divide_unsigned(const struct interval *a,
                                         const struct interval *b);
struct interval interval_remainder_unsigned(const struct interval *a,
                                            const struct interval *b);

/* ---- interval_compare.c: conditions ---- */

/* Whether 'code' compares two i32 operands; the comparison that is true exactly
 * when 'code' is false. */
bool interval_is_comparison(uint32_t code);
uint32_t interval_negated(uint32_t code);

/* Refine both operands of the comparison 'code', which is true. False when it
 * cannot be. */
bool interval_assume(uint32_t code, struct interval *a, struct interval *b);

#endif
