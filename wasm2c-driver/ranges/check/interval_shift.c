/* SPDX-License-Identifier: MIT */
/* Transfer functions of interval.h: variable shifts and unsigned division. */
#include "ranges/check/interval_internal.h"
#include "wasm/opcode.h"

/* 'number' divided by 2^count and rounded down, whatever its sign. */
static int64_t shifted(int64_t number, int64_t count)
{
    int64_t unit = INT64_C(1) << count;
    return (number - (number & (unit - 1))) / unit;
}

/* Bounds for the fewest and the most bits; a shift is monotonic between
 * them. */
struct interval interval_shift(uint32_t code, const struct interval *a,
                               const struct interval *by)
{
    int64_t fewest = by->lo >= 0 && by->hi < 32 ? by->lo : 0;
    int64_t most = by->lo >= 0 && by->hi < 32 ? by->hi : 31;
    int64_t lo = a->lo;
    int64_t hi = a->hi;
    if (code == CODE_I32_SHL) {
        return interval_make(interval_smaller(lo * (INT64_C(1) << fewest),
                                              lo * (INT64_C(1) << most)),
                             interval_larger(hi * (INT64_C(1) << fewest),
                                             hi * (INT64_C(1) << most)),
                             0, 0);
    }
    if (code == CODE_I32_SHR_U) {
        interval_unsigned(a, &lo, &hi);
    }
    return interval_make(
        interval_smaller(shifted(lo, fewest), shifted(lo, most)),
        interval_larger(shifted(hi, fewest), shifted(hi, most)), 0, 0);
}

struct interval interval_divide_unsigned(const struct interval *a,
                                         const struct interval *b)
{
    int64_t lo = 0;
    int64_t hi = 0;
    int64_t least = 0;
    int64_t most = 0;
    interval_unsigned(a, &lo, &hi);
    interval_unsigned(b, &least, &most);
    return interval_make(lo / interval_larger(most, 1),
                         hi / interval_larger(least, 1), 0, 0);
}

struct interval interval_remainder_unsigned(const struct interval *a,
                                            const struct interval *b)
{
    int64_t lo = 0;
    int64_t hi = 0;
    int64_t least = 0;
    int64_t most = 0;
    interval_unsigned(a, &lo, &hi);
    interval_unsigned(b, &least, &most);
    if (hi < least) {
        return *a;
    }
    struct interval rest = interval_make(
        0, interval_smaller(hi, interval_larger(most, 1) - 1), 0, 0);
    /* Division changes no bit below the lowest one of the divisor. */
    struct interval same = interval_top();
    while (same.bits < a->bits && same.bits < b->bits &&
           (b->residue >> same.bits & 1) == 0) {
        same.bits++;
    }
    same.residue = same.bits < 32
                       ? a->residue & ((UINT32_C(1) << same.bits) - 1)
                       : a->residue;
    (void)interval_meet(&rest, &same);
    return rest;
}
