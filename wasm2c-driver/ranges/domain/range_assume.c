/* SPDX-License-Identifier: MIT */
/* Comparisons of range.h, as conditions. */
#include "ranges/domain/range.h"
#include "wasm/opcode.h"

bool range_is_comparison(uint32_t code)
{
    return code >= CODE_I32_EQ && code <= CODE_I32_GE_U;
}

static bool assume_equal(struct range *a, struct range *b)
{
    if (!range_meet(a, a, b)) {
        return false;
    }
    *b = *a;
    return true;
}

/* An interval can only lose a number at one of its ends. */
static bool remove_value(struct range *a, int32_t value)
{
    int64_t lo = a->lo == value ? (int64_t)value + 1 : a->lo;
    int64_t hi = a->hi == value ? (int64_t)value - 1 : a->hi;
    return range_clip(a, lo, hi);
}

static bool assume_different(struct range *a, struct range *b)
{
    return (!range_is_constant(b) || remove_value(a, b->lo)) &&
           (!range_is_constant(a) || remove_value(b, a->lo));
}

/* a + gap <= b */
static bool assume_signed(struct range *a, struct range *b, int64_t gap)
{
    return range_clip(a, INT32_MIN, b->hi - gap) &&
           range_clip(b, a->lo + gap, INT32_MAX);
}

/*
 * The same for unsigned numbers. Where the sign of one operand is not known,
 * the other may decide it: what is at most a non-negative number is not
 * negative, and what is at least a negative one (a large one) is negative.
 */
static bool assume_unsigned(struct range *a, struct range *b, int64_t gap)
{
    if (b->lo >= 0) {
        return range_clip(a, 0, b->hi - gap) &&
               range_clip(b, a->lo + gap, INT32_MAX);
    }
    if (a->hi < 0) {
        return range_clip(b, a->lo + gap, -1) &&
               range_clip(a, INT32_MIN, b->hi - gap);
    }
    return true;
}

bool range_assume(uint32_t code, bool outcome, struct range *a, struct range *b)
{
    enum { NEGATE = CODE_I32_EQ ^ CODE_I32_NE };
    if (!outcome) { /* eq and ne, lt and ge, gt and le are each other's negation
                     */
        switch (code) {
        case CODE_I32_EQ:
        case CODE_I32_NE:
            code ^= NEGATE;
            break;
        case CODE_I32_LT_S:
        case CODE_I32_LT_U:
            code += CODE_I32_GE_S - CODE_I32_LT_S;
            break;
        case CODE_I32_GE_S:
        case CODE_I32_GE_U:
            code -= CODE_I32_GE_S - CODE_I32_LT_S;
            break;
        case CODE_I32_GT_S:
        case CODE_I32_GT_U:
            code += CODE_I32_LE_S - CODE_I32_GT_S;
            break;
        default:
            code -= CODE_I32_LE_S - CODE_I32_GT_S;
            break;
        }
    }
    switch (code) {
    case CODE_I32_EQ:
        return assume_equal(a, b);
    case CODE_I32_NE:
        return assume_different(a, b);
    case CODE_I32_LT_S:
        return assume_signed(a, b, 1);
    case CODE_I32_LE_S:
        return assume_signed(a, b, 0);
    case CODE_I32_GT_S:
        return assume_signed(b, a, 1);
    case CODE_I32_GE_S:
        return assume_signed(b, a, 0);
    case CODE_I32_LT_U:
        return assume_unsigned(a, b, 1);
    case CODE_I32_LE_U:
        return assume_unsigned(a, b, 0);
    case CODE_I32_GT_U:
        return assume_unsigned(b, a, 1);
    default:
        return assume_unsigned(b, a, 0);
    }
}
