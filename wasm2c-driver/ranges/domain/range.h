/* SPDX-License-Identifier: MIT */
/*
 * The abstract domain of 32-bit integers: an interval of signed numbers, and
 * the low bits (a congruence modulo a power of two, which wrap-around
 * preserves). Every function is sound: its result contains the result of all
 * numbers that its operands contain. There is no bottom: a range is never
 * empty, and what would be is reported apart.
 */
#ifndef F4E_RANGE_H
#define F4E_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* lo <= number <= hi, and number = residue modulo 2^bits. Both bounds have that
 * residue. */
struct range {
    int32_t lo;
    int32_t hi;
    uint32_t residue; /* below 2^bits */
    uint32_t bits;    /* 0 to 32; 32 for a constant */
};

/* ---- range.c: the lattice ---- */

struct range range_top(void);
struct range range_constant(uint32_t value);
/* lo <= hi. */
struct range range_between(int32_t lo, int32_t hi);

bool range_is_top(const struct range *a);
bool range_is_constant(const struct range *a);
bool range_equal(const struct range *a, const struct range *b);
bool range_contains(const struct range *a, uint32_t value);
/* Every number of 'inner' is in 'outer'. */
bool range_within(const struct range *inner, const struct range *outer);

/* The least range that contains both. */
struct range range_join(const struct range *a, const struct range *b);
/* The numbers in both; false when there are none, and '*result' is as it
 * was. */
bool range_meet(struct range *result, const struct range *a,
                const struct range *b);

/* Meet with lo to hi, which may be crossed or beyond 32 bits. False, with 'a'
 * as it was, when nothing is left. */
bool range_clip(struct range *a, int64_t lo, int64_t hi);

/* Bounds as unsigned numbers; false when the sign is not known. */
bool range_unsigned(const struct range *a, uint32_t *lo, uint32_t *hi);

/* ---- range_ops.c: transfer functions ---- */

/* The result of an instruction with one or two i32 operands, by opcode; top
 * for an opcode without a rule. A trap (division) has no result. */
struct range range_unary(uint32_t code, const struct range *a);
struct range range_binary(uint32_t code, const struct range *a,
                          const struct range *b);

/* ---- range_shift.c: for range_binary() ---- */

/* A shift by a number that is not constant; i32.div_u. */
struct range range_shift(uint32_t code, const struct range *a,
                         const struct range *b);
struct range range_divide_unsigned(const struct range *a,
                                   const struct range *b);

/* ---- range_assume.c: conditions ---- */

/* Refine both operands of the comparison 'code' by its outcome. False when it
 * cannot have that outcome. */
bool range_assume(uint32_t code, bool outcome, struct range *a,
                  struct range *b);

/* Whether 'code' compares two i32 operands. */
bool range_is_comparison(uint32_t code);

#endif
