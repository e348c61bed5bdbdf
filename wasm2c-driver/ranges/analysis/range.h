/* SPDX-License-Identifier: MIT */
/*
 * What is known of a 32-bit integer: an interval of signed values, and its low
 * bits (a congruence modulo a power of two, which 32-bit wrap-around keeps).
 * Every function here is sound: the result holds for all values that its
 * operands hold for. A range is never empty; what would be is told apart.
 */
#ifndef F4E_RANGES_RANGE_H
#define F4E_RANGES_RANGE_H

#include <stdbool.h>
#include <stdint.h>

/* lo <= value <= hi, and value = residue modulo 2^bits. */
struct range {
    int32_t lo;
    int32_t hi;
    uint32_t residue; /* below 2^bits */
    uint32_t bits;    /* 0 to 32; 32 for a single value */
};

struct range range_top(void);
struct range range_constant(uint32_t value);
/* lo <= hi; nothing known of the low bits beyond that. */
struct range range_between(int32_t lo, int32_t hi);

bool range_is_top(const struct range *a);
bool range_is_constant(const struct range *a);
bool range_equal(const struct range *a, const struct range *b);
bool range_contains(const struct range *a, uint32_t value);
/* Every value of 'inner' is one of 'outer'. */
bool range_within(const struct range *inner, const struct range *outer);

/* Values of either. */
struct range range_join(const struct range *a, const struct range *b);
/* Values of both; false when there are none, and '*result' is unchanged. */
bool range_meet(struct range *result, const struct range *a,
                const struct range *b);

/* Cut 'a' to lo … hi, which may be crossed or beyond 32 bits; false, and 'a' as
 * it was, when nothing is left. */
bool range_clip(struct range *a, int64_t lo, int64_t hi);

/* As an unsigned number: true, with bounds, when the sign is known. */
bool range_unsigned(const struct range *a, uint32_t *lo, uint32_t *hi);

/*
 * The result of an instruction with one or two i32 operands by its opcode; top
 * for an opcode that is not known here. A trap (division) is not a result.
 */
struct range range_unary(uint32_t code, const struct range *a);
struct range range_binary(uint32_t code, const struct range *a,
                          const struct range *b);

/* For range_binary(): a shift by a number that is not known, and div_u. */
struct range range_shift(uint32_t code, const struct range *a,
                         const struct range *b);
struct range range_divide_unsigned(const struct range *a,
                                   const struct range *b);

/*
 * Make both operands of the comparison 'code' as narrow as its outcome allows.
 * False when that outcome is impossible.
 */
bool range_assume(uint32_t code, bool outcome, struct range *a,
                  struct range *b);

/* Whether 'code' compares two i32 values. */
bool range_is_comparison(uint32_t code);

#endif
