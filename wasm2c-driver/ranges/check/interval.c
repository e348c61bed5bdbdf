/* SPDX-License-Identifier: MIT */
#include "ranges/check/interval_internal.h"

static uint32_t low_mask(uint32_t bits)
{
    return bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
}

struct interval interval_top(void)
{
    return (struct interval){INT32_MIN, INT32_MAX, 0, 0};
}

struct interval interval_constant(uint32_t number)
{
    return (struct interval){(int32_t)number, (int32_t)number, number, 32};
}

/* Move bounds inward to numbers with the residue. False when none is left. */
static bool tighten(struct interval *a)
{
    const uint32_t mask = low_mask(a->bits);
    if (((uint32_t)a->lo & mask) != a->residue) {
        a->lo += (a->residue - (uint32_t)a->lo) & mask;
    }
    if (((uint32_t)a->hi & mask) != a->residue) {
        a->hi -= ((uint32_t)a->hi - a->residue) & mask;
    }
    if (a->lo > a->hi) {
        return false;
    }
    if (a->lo == a->hi) {
        *a = interval_constant((uint32_t)a->lo);
    }
    return true;
}

struct interval interval_make(int64_t lo, int64_t hi, uint32_t residue,
                              uint32_t bits)
{
    struct interval a = interval_top();
    if (bits >= 32) {
        return interval_constant(residue);
    }
    if (lo >= INT32_MIN && hi <= INT32_MAX) {
        a.lo = lo;
        a.hi = hi;
    }
    a.bits = bits;
    a.residue = residue & low_mask(bits);
    /* Some number satisfies both, unless the code is unreachable. */
    return tighten(&a) ? a : interval_top();
}

struct interval interval_between(int64_t lo, int64_t hi)
{
    return interval_make(lo, hi, 0, 0);
}

bool interval_is_top(const struct interval *a)
{
    return a->lo == INT32_MIN && a->hi == INT32_MAX && a->bits == 0;
}

bool interval_is_constant(const struct interval *a)
{
    return a->lo == a->hi;
}

bool interval_contains(const struct interval *a, uint32_t number)
{
    return (int32_t)number >= a->lo && (int32_t)number <= a->hi &&
           (number & low_mask(a->bits)) == a->residue;
}

bool interval_within(const struct interval *inner, const struct interval *outer)
{
    return inner->lo >= outer->lo && inner->hi <= outer->hi &&
           inner->bits >= outer->bits &&
           (inner->residue & low_mask(outer->bits)) == outer->residue;
}

bool interval_equal(const struct interval *a, const struct interval *b)
{
    return interval_within(a, b) && interval_within(b, a);
}

struct interval interval_join(const struct interval *a,
                              const struct interval *b)
{
    uint32_t bits = 0;
    uint32_t both = interval_least(a->bits, b->bits);
    while (bits < both && ((a->residue ^ b->residue) >> bits & 1) == 0) {
        bits++;
    }
    return interval_make(interval_smaller(a->lo, b->lo),
                         interval_larger(a->hi, b->hi), a->residue, bits);
}

bool interval_meet(struct interval *a, const struct interval *b)
{
    struct interval both = {interval_larger(a->lo, b->lo),
                            interval_smaller(a->hi, b->hi), a->residue,
                            a->bits};
    uint32_t mask = low_mask(interval_least(a->bits, b->bits));
    if (((a->residue ^ b->residue) & mask) != 0) {
        return false;
    }
    if (b->bits > a->bits) {
        both.residue = b->residue;
        both.bits = b->bits;
    }
    if (!tighten(&both)) {
        return false;
    }
    *a = both;
    return true;
}

void interval_unsigned(const struct interval *a, int64_t *lo, int64_t *hi)
{
    bool has_sign = a->lo >= 0 || a->hi < 0;
    *lo = has_sign ? (uint32_t)a->lo : 0;
    *hi = has_sign ? (uint32_t)a->hi : UINT32_MAX;
}
