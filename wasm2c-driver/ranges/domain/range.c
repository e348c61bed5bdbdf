/* SPDX-License-Identifier: MIT */
#include "ranges/domain/range_internal.h"

static uint32_t low_mask(uint32_t bits)
{
    return bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
}

/* 'residue' has no bit above 'bits'. */
uint32_t range_trailing_zeros(const struct range *a)
{
    uint32_t count = 0;
    while (count < a->bits && (a->residue >> count & 1) == 0) {
        count++;
    }
    return count;
}

struct range range_top(void)
{
    return (struct range){INT32_MIN, INT32_MAX, 0, 0};
}

struct range range_constant(uint32_t value)
{
    return (struct range){(int32_t)value, (int32_t)value, value, 32};
}

/* Move bounds inward to numbers with the residue. False when none is left. */
static bool tighten(struct range *a, int64_t lo, int64_t hi)
{
    const uint32_t mask = low_mask(a->bits);
    lo += (int64_t)((a->residue - (uint32_t)lo) & mask);
    hi -= (int64_t)(((uint32_t)hi - a->residue) & mask);
    if (lo > hi) {
        return false;
    }
    a->lo = (int32_t)lo;
    a->hi = (int32_t)hi;
    if (lo == hi) {
        *a = range_constant((uint32_t)a->lo);
    }
    return true;
}

struct range range_make(int64_t lo, int64_t hi, uint32_t residue, uint32_t bits)
{
    struct range a = range_top();
    if (bits >= 32) {
        return range_constant(residue);
    }
    a.bits = bits;
    a.residue = residue & low_mask(bits);
    if (lo < INT32_MIN || hi > INT32_MAX) {
        lo = INT32_MIN;
        hi = INT32_MAX;
    }
    /* Some number satisfies both, so this cannot fail. */
    (void)tighten(&a, lo, hi);
    return a;
}

struct range range_between(int32_t lo, int32_t hi)
{
    return range_make(lo, hi, 0, 0);
}

bool range_is_top(const struct range *a)
{
    return a->lo == INT32_MIN && a->hi == INT32_MAX && a->bits == 0;
}

bool range_is_constant(const struct range *a)
{
    return a->lo == a->hi;
}

bool range_equal(const struct range *a, const struct range *b)
{
    return a->lo == b->lo && a->hi == b->hi && a->bits == b->bits &&
           a->residue == b->residue;
}

bool range_contains(const struct range *a, uint32_t value)
{
    return a->lo <= (int32_t)value && (int32_t)value <= a->hi &&
           ((value ^ a->residue) & low_mask(a->bits)) == 0;
}

bool range_within(const struct range *inner, const struct range *outer)
{
    return outer->lo <= inner->lo && inner->hi <= outer->hi &&
           outer->bits <= inner->bits &&
           ((inner->residue ^ outer->residue) & low_mask(outer->bits)) == 0;
}

struct range range_join(const struct range *a, const struct range *b)
{
    const struct range differing = {0, 0, a->residue ^ b->residue,
                                    range_least(a->bits, b->bits)};
    return range_make(a->lo < b->lo ? a->lo : b->lo,
                      a->hi > b->hi ? a->hi : b->hi, a->residue,
                      range_trailing_zeros(&differing));
}

bool range_meet(struct range *result, const struct range *a,
                const struct range *b)
{
    struct range both = a->bits >= b->bits ? *a : *b;
    if (((a->residue ^ b->residue) & low_mask(range_least(a->bits, b->bits))) !=
            0 ||
        !tighten(&both, a->lo > b->lo ? a->lo : b->lo,
                 a->hi < b->hi ? a->hi : b->hi)) {
        return false;
    }
    *result = both;
    return true;
}

bool range_unsigned(const struct range *a, uint32_t *lo, uint32_t *hi)
{
    *lo = (uint32_t)a->lo;
    *hi = (uint32_t)a->hi;
    return a->lo >= 0 || a->hi < 0;
}

bool range_clip(struct range *a, int64_t lo, int64_t hi)
{
    if (lo > hi || lo > INT32_MAX || hi < INT32_MIN) {
        return false;
    }
    const struct range bounds = {(int32_t)(lo < INT32_MIN ? INT32_MIN : lo),
                                 (int32_t)(hi > INT32_MAX ? INT32_MAX : hi), 0,
                                 0};
    return range_meet(a, a, &bounds);
}
