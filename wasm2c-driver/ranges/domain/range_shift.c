/* SPDX-License-Identifier: MIT */
/* Transfer functions of range.h: variable shifts and unsigned division. */
#include "ranges/domain/range.h"

#include "wasm/opcode.h"

/* Division by 2^count, rounded down, as an arithmetic shift. */
static int32_t halve(int32_t value, uint32_t count)
{
    int64_t unit = INT64_C(1) << count;
    return (int32_t)(value >= 0 ? value / unit
                                : -((-(int64_t)value + unit - 1) / unit));
}

static struct range shift_left(const struct range *a, uint32_t least,
                               uint32_t most)
{
    int64_t lo = a->lo * (INT64_C(1) << (a->lo < 0 ? most : least));
    int64_t hi = a->hi * (INT64_C(1) << (a->hi < 0 ? least : most));
    return lo < INT32_MIN || hi > INT32_MAX
               ? range_top()
               : range_between((int32_t)lo, (int32_t)hi);
}

struct range range_shift(uint32_t code, const struct range *a,
                         const struct range *b)
{
    if (b->lo < 0 || b->hi > 31) { /* the shift count is taken modulo 32 */
        return code != CODE_I32_SHL && a->lo >= 0 ? range_between(0, a->hi)
                                                  : range_top();
    }
    uint32_t least = (uint32_t)b->lo;
    uint32_t most = (uint32_t)b->hi;
    if (code == CODE_I32_SHL) {
        return shift_left(a, least, most);
    }
    if (code == CODE_I32_SHR_U && a->lo < 0) {
        return least > 0 ? range_between(0, (int32_t)(UINT32_MAX >> least))
                         : range_top();
    }
    return range_between(halve(a->lo, a->lo < 0 ? least : most),
                         halve(a->hi, a->hi < 0 ? most : least));
}

struct range range_divide_unsigned(const struct range *a, const struct range *b)
{
    if (b->lo < 0) { /* a divisor of 2^31 or more: the quotient is 0 or 1 */
        return a->lo >= 0 ? range_between(0, a->hi) : range_top();
    }
    uint32_t least = b->lo > 0 ? (uint32_t)b->lo : 1;
    uint32_t most = b->hi > 0 ? (uint32_t)b->hi : 1;
    if (a->lo >= 0) {
        return range_between((int32_t)((uint32_t)a->lo / most),
                             (int32_t)((uint32_t)a->hi / least));
    }
    return least > 1 ? range_between(0, (int32_t)(UINT32_MAX / least))
                     : range_top();
}
