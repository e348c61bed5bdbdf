/* SPDX-License-Identifier: MIT */
#include "ranges/check/interval.h"

#include "wasm/body.h"

/* 'number' divided by 2^count and rounded down, whatever its sign. */
static int64_t shifted(int64_t number, int64_t count)
{
    int64_t unit = INT64_C(1) << count;
    return (number - (number & (unit - 1))) / unit;
}

static int64_t least_of(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t most_of(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* No bounds where they do not fit: the number has wrapped round, or its sign
 * bit is set and it is negative. */
static struct interval bounded(int64_t lo, int64_t hi)
{
    return lo < INT32_MIN || hi > INT32_MAX ? interval_any()
                                            : interval_span(lo, hi);
}

/* Each bound with the fewest and with the most bits: the results between them
 * are no further out. */
struct interval interval_shift(uint32_t code, const struct interval *a,
                               const struct interval *by)
{
    int64_t fewest = by->lo >= 0 && by->hi < 32 ? by->lo : 0;
    int64_t most = by->lo >= 0 && by->hi < 32 ? by->hi : 31;
    int64_t lo = a->lo;
    int64_t hi = a->hi;
    if (code == CODE_I32_SHL) {
        return bounded(
            least_of(lo * (INT64_C(1) << fewest), lo * (INT64_C(1) << most)),
            most_of(hi * (INT64_C(1) << fewest), hi * (INT64_C(1) << most)));
    }
    if (code == CODE_I32_SHR_U) {
        interval_unsigned(a, &lo, &hi);
    }
    return bounded(least_of(shifted(lo, fewest), shifted(lo, most)),
                   most_of(shifted(hi, fewest), shifted(hi, most)));
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
    return bounded(lo / most_of(most, 1), hi / most_of(least, 1));
}

struct interval interval_remain_unsigned(const struct interval *a,
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
    struct interval rest = bounded(0, least_of(hi, most_of(most, 1) - 1));
    /* Below the lowest one of the divisor, division changes nothing. */
    struct interval same = interval_any();
    while (same.bits < a->bits && same.bits < b->bits &&
           (b->low >> same.bits & 1) == 0) {
        same.bits++;
    }
    same.low =
        same.bits < 32 ? a->low & ((UINT32_C(1) << same.bits) - 1) : a->low;
    (void)interval_cut(&rest, &same);
    return rest;
}
