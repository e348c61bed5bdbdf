/* SPDX-License-Identifier: MIT */
/* Comparisons of interval.h, as conditions. */
#include "ranges/check/interval.h"

#include "wasm/opcode.h"

bool interval_is_comparison(uint32_t code)
{
    return code >= CODE_I32_EQ && code <= CODE_I32_GE_U;
}

uint32_t interval_negated(uint32_t code)
{
    switch (code) {
    case CODE_I32_EQ:
        return CODE_I32_NE;
    case CODE_I32_NE:
        return CODE_I32_EQ;
    case CODE_I32_LT_S:
        return CODE_I32_GE_S;
    case CODE_I32_LT_U:
        return CODE_I32_GE_U;
    case CODE_I32_GT_S:
        return CODE_I32_LE_S;
    case CODE_I32_GT_U:
        return CODE_I32_LE_U;
    case CODE_I32_LE_S:
        return CODE_I32_GT_S;
    case CODE_I32_LE_U:
        return CODE_I32_GT_U;
    case CODE_I32_GE_S:
        return CODE_I32_LT_S;
    default:
        return CODE_I32_LT_U;
    }
}

/* Meet with lo to hi, which may be beyond 32 bits, or crossed. */
static bool clip_signed(struct interval *a, int64_t lo, int64_t hi)
{
    lo = lo < INT32_MIN ? INT32_MIN : lo;
    hi = hi > INT32_MAX ? INT32_MAX : hi;
    if (lo > hi) {
        return false;
    }
    const struct interval kept = interval_between(lo, hi);
    return interval_meet(a, &kept);
}

/*
 * The same with unsigned bounds. From 2^31 on numbers are negative, so bounds
 * on either side of that leave a gap in the middle, which an interval cannot
 * have.
 */
static bool clip_unsigned(struct interval *a, int64_t lo, int64_t hi)
{
    const int64_t half = INT64_C(1) << 31;
    lo = lo < 0 ? 0 : lo;
    hi = hi >= 2 * half ? 2 * half - 1 : hi;
    if (lo > hi) {
        return false;
    }
    if (hi < half) {
        return clip_signed(a, lo, hi);
    }
    return lo < half || clip_signed(a, lo - 2 * half, hi - 2 * half);
}

/* a + gap <= b */
static bool order_signed(struct interval *a, struct interval *b, int64_t gap)
{
    return clip_signed(a, INT32_MIN, b->hi - gap) &&
           clip_signed(b, a->lo + gap, INT32_MAX);
}

static bool order_unsigned(struct interval *a, struct interval *b, int64_t gap)
{
    int64_t a_lo = 0;
    int64_t a_hi = 0;
    int64_t b_lo = 0;
    int64_t b_hi = 0;
    interval_unsigned(a, &a_lo, &a_hi);
    interval_unsigned(b, &b_lo, &b_hi);
    if (!clip_unsigned(a, a_lo, b_hi - gap < a_hi ? b_hi - gap : a_hi)) {
        return false;
    }
    interval_unsigned(a, &a_lo, &a_hi); /* its sign may be known by now */
    return clip_unsigned(b, a_lo + gap > b_lo ? a_lo + gap : b_lo, b_hi);
}

/* 'a' is not 'number', which is only of use at a bound. */
static bool exclude(struct interval *a, int64_t number)
{
    return clip_signed(a, a->lo == number ? number + 1 : a->lo,
                       a->hi == number ? number - 1 : a->hi);
}

static bool differ(struct interval *a, struct interval *b)
{
    return (!interval_is_constant(b) || exclude(a, b->lo)) &&
           (!interval_is_constant(a) || exclude(b, a->lo));
}

bool interval_assume(uint32_t code, struct interval *a, struct interval *b)
{
    switch (code) {
    case CODE_I32_EQ:
        return interval_meet(a, b) && interval_meet(b, a);
    case CODE_I32_NE:
        return differ(a, b);
    case CODE_I32_LT_S:
        return order_signed(a, b, 1);
    case CODE_I32_LE_S:
        return order_signed(a, b, 0);
    case CODE_I32_GT_S:
        return order_signed(b, a, 1);
    case CODE_I32_GE_S:
        return order_signed(b, a, 0);
    case CODE_I32_LT_U:
        return order_unsigned(a, b, 1);
    case CODE_I32_LE_U:
        return order_unsigned(a, b, 0);
    case CODE_I32_GT_U:
        return order_unsigned(b, a, 1);
    default:
        return order_unsigned(b, a, 0);
    }
}
