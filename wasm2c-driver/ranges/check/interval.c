/* SPDX-License-Identifier: MIT */
#include "ranges/check/interval.h"

#include "wasm/opcode.h"

static uint32_t mask_of(uint32_t bits)
{
    return bits >= 32 ? UINT32_MAX : (UINT32_C(1) << bits) - 1;
}

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static uint32_t fewer(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

struct interval interval_any(void)
{
    return (struct interval){INT32_MIN, INT32_MAX, 0, 0};
}

struct interval interval_only(uint32_t number)
{
    return (struct interval){(int32_t)number, (int32_t)number, number, 32};
}

/* Bounds that the lowest bits forbid are moved to the next number that they
 * allow. False when none is left. */
static bool settle(struct interval *a)
{
    const uint32_t mask = mask_of(a->bits);
    if (((uint32_t)a->lo & mask) != a->low) {
        a->lo += (a->low - (uint32_t)a->lo) & mask;
    }
    if (((uint32_t)a->hi & mask) != a->low) {
        a->hi -= ((uint32_t)a->hi - a->low) & mask;
    }
    if (a->lo > a->hi) {
        return false;
    }
    if (a->lo == a->hi) {
        *a = interval_only((uint32_t)a->lo);
    }
    return true;
}

/* A result: its bounds as exact numbers, which may be too large for 32 bits and
 * then wrap round to anything, and its lowest bits, which do not mind. */
static struct interval result(int64_t lo, int64_t hi, uint32_t low,
                              uint32_t bits)
{
    struct interval a = interval_any();
    if (bits >= 32) {
        return interval_only(low);
    }
    if (lo >= INT32_MIN && hi <= INT32_MAX) {
        a.lo = lo;
        a.hi = hi;
    }
    a.bits = bits;
    a.low = low & mask_of(bits);
    /* There is a result, so something is left; if not, nothing gets here. */
    return settle(&a) ? a : interval_any();
}

struct interval interval_span(int64_t lo, int64_t hi)
{
    return result(lo, hi, 0, 0);
}

bool interval_is_any(const struct interval *a)
{
    return a->lo == INT32_MIN && a->hi == INT32_MAX && a->bits == 0;
}

bool interval_is_only(const struct interval *a)
{
    return a->lo == a->hi;
}

bool interval_has(const struct interval *a, uint32_t number)
{
    return (int32_t)number >= a->lo && (int32_t)number <= a->hi &&
           (number & mask_of(a->bits)) == a->low;
}

bool interval_inside(const struct interval *inner, const struct interval *outer)
{
    return inner->lo >= outer->lo && inner->hi <= outer->hi &&
           inner->bits >= outer->bits &&
           (inner->low & mask_of(outer->bits)) == outer->low;
}

bool interval_same(const struct interval *a, const struct interval *b)
{
    return interval_inside(a, b) && interval_inside(b, a);
}

struct interval interval_hull(const struct interval *a,
                              const struct interval *b)
{
    uint32_t bits = 0;
    uint32_t both = fewer(a->bits, b->bits);
    while (bits < both && ((a->low ^ b->low) >> bits & 1) == 0) {
        bits++;
    }
    return result(smaller(a->lo, b->lo), larger(a->hi, b->hi), a->low, bits);
}

bool interval_cut(struct interval *a, const struct interval *b)
{
    struct interval both = {larger(a->lo, b->lo), smaller(a->hi, b->hi), a->low,
                            a->bits};
    uint32_t mask = mask_of(fewer(a->bits, b->bits));
    if (((a->low ^ b->low) & mask) != 0) {
        return false;
    }
    if (b->bits > a->bits) {
        both.low = b->low;
        both.bits = b->bits;
    }
    if (!settle(&both)) {
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

/* ---- Instructions ---- */

/* How many of the lowest bits are zero for certain. */
static uint32_t zeros(const struct interval *a)
{
    uint32_t count = 0;
    while (count < a->bits && (a->low >> count & 1) == 0) {
        count++;
    }
    return count;
}

struct interval interval_unary(uint32_t code, const struct interval *a)
{
    const struct interval byte = interval_span(INT8_MIN, INT8_MAX);
    const struct interval half = interval_span(INT16_MIN, INT16_MAX);
    switch (code) {
    case CODE_I32_EQZ:
        return interval_span(interval_is_only(a) && a->lo == 0 ? 1 : 0,
                             interval_has(a, 0) ? 1 : 0);
    case CODE_I32_CLZ:
    case CODE_I32_CTZ:
    case CODE_I32_POPCNT:
        return interval_span(0, 32);
    case CODE_I32_EXTEND8_S:
        return interval_inside(a, &byte) ? *a : byte;
    case CODE_I32_EXTEND16_S:
        return interval_inside(a, &half) ? *a : half;
    default:
        return interval_any();
    }
}

/* Between the least and the greatest of an operation's results for the bounds
 * of its operands: right where it rises or falls all the way in each of them.
 */
static struct interval corners(int64_t (*operation)(int64_t, int64_t),
                               const struct interval *a,
                               const struct interval *b, uint32_t low,
                               uint32_t bits)
{
    int64_t w = operation(a->lo, b->lo);
    int64_t x = operation(a->lo, b->hi);
    int64_t y = operation(a->hi, b->lo);
    int64_t z = operation(a->hi, b->hi);
    return result(smaller(smaller(w, x), smaller(y, z)),
                  larger(larger(w, x), larger(y, z)), low, bits);
}

static int64_t sum(int64_t a, int64_t b)
{
    return a + b;
}

static int64_t difference(int64_t a, int64_t b)
{
    return a - b;
}

static int64_t product(int64_t a, int64_t b)
{
    return a * b;
}

/* Rounded towards zero, as the instruction does. */
static int64_t quotient(int64_t a, int64_t b)
{
    return a / b;
}

/* a = low + x 2^bits, and b alike: what is left out of the product of the two
 * lows is a multiple of each of these powers. */
static struct interval multiply(const struct interval *a,
                                const struct interval *b)
{
    uint32_t bits = fewer(a->bits + zeros(b), b->bits + zeros(a));
    return corners(product, a, b, a->low * b->low, fewer(bits, 32));
}

enum { OPEN = 2 }; /* in place of a bit: it may be 0 or 1 */

/* A bit that is 0 (of `and`) or 1 (of `or`) decides without the other. */
static uint32_t bit_of(uint32_t code, uint32_t x, uint32_t y)
{
    uint32_t deciding = code == CODE_I32_AND ? 0 : 1;
    if (code != CODE_I32_XOR && (x == deciding || y == deciding)) {
        return deciding;
    }
    if (x == OPEN || y == OPEN) {
        return OPEN;
    }
    return code == CODE_I32_XOR ? x ^ y : 1 - deciding;
}

/* The lowest bits of `and`, `or` and `xor`, up to the first that is open. */
static struct interval bits_of(uint32_t code, const struct interval *a,
                               const struct interval *b, int64_t lo, int64_t hi)
{
    uint32_t low = 0;
    for (uint32_t bits = 0; bits < 32; bits++) {
        uint32_t x = bits < a->bits ? a->low >> bits & 1 : OPEN;
        uint32_t y = bits < b->bits ? b->low >> bits & 1 : OPEN;
        uint32_t bit = bit_of(code, x, y);
        if (bit == OPEN) {
            return result(lo, hi, low, bits);
        }
        low |= bit << bits;
    }
    return interval_only(low);
}

/* 1…10…0: `and` with it rounds down to a multiple of a power of two, so it
 * keeps the order of signed numbers. */
static bool rounds_down(const struct interval *mask)
{
    uint64_t unit = UINT64_C(0x100000000) - (uint32_t)mask->lo;
    return interval_is_only(mask) && mask->lo < 0 && (unit & (unit - 1)) == 0;
}

static int64_t round_with(int64_t a, int64_t mask)
{
    return (int32_t)((uint32_t)a & (uint32_t)mask);
}

static struct interval conjoin(const struct interval *a,
                               const struct interval *b)
{
    int64_t hi = INT32_MAX;
    if (rounds_down(b)) {
        return bits_of(CODE_I32_AND, a, b, round_with(a->lo, b->lo),
                       round_with(a->hi, b->lo));
    }
    if (rounds_down(a)) {
        return conjoin(b, a);
    }
    if (a->lo < 0 && b->lo < 0) {
        return bits_of(CODE_I32_AND, a, b, INT32_MIN, INT32_MAX);
    }
    hi = a->lo >= 0 ? smaller(hi, a->hi) : hi;
    hi = b->lo >= 0 ? smaller(hi, b->hi) : hi;
    return bits_of(CODE_I32_AND, a, b, 0, hi);
}

static struct interval merge(uint32_t code, const struct interval *a,
                             const struct interval *b)
{
    if (a->lo < 0 || b->lo < 0) {
        return bits_of(code, a, b, INT32_MIN, INT32_MAX);
    }
    int64_t ones = 0; /* no bit above the highest that one of them can have */
    while (ones < a->hi || ones < b->hi) {
        ones = 2 * ones + 1;
    }
    return bits_of(code, a, b, code == CODE_I32_OR ? larger(a->lo, b->lo) : 0,
                   ones);
}

static struct interval shift_right(uint32_t code, const struct interval *a,
                                   const struct interval *by)
{
    if (!interval_is_only(by)) {
        return interval_shift(code, a, by);
    }
    uint32_t count = (uint32_t)by->lo % 32;
    uint32_t bits = a->bits > count ? a->bits - count : 0;
    uint32_t low = count == 0 ? a->low : a->low >> count;
    if (count == 0) {
        return *a;
    }
    if (code == CODE_I32_SHR_U) {
        int64_t lo = 0;
        int64_t hi = 0;
        interval_unsigned(a, &lo, &hi);
        return result(lo >> count, hi >> count, low, bits);
    }
    int64_t unit = INT64_C(1) << count; /* rounded down, below 0 too */
    return result((a->lo - (a->lo & (unit - 1))) / unit,
                  (a->hi - (a->hi & (unit - 1))) / unit, low, bits);
}

static struct interval shift_left(const struct interval *a,
                                  const struct interval *by)
{
    if (!interval_is_only(by)) {
        return interval_shift(CODE_I32_SHL, a, by);
    }
    uint32_t count = (uint32_t)by->lo % 32;
    int64_t unit = INT64_C(1) << count;
    return result(a->lo * unit, a->hi * unit, a->low << count,
                  fewer(a->bits + count, 32));
}

static struct interval divide(const struct interval *a,
                              const struct interval *b)
{
    if (b->lo > 0 || b->hi < 0) {
        return corners(quotient, a, b, 0, 0);
    }
    int64_t size = larger(-a->lo, a->hi); /* no quotient is larger */
    return result(-size, size, 0, 0);
}

/* It has the sign of 'a', is no further from zero than 'a', and nearer than the
 * divisor. */
static struct interval remainder_of(const struct interval *a,
                                    const struct interval *b)
{
    int64_t most = larger(larger(-b->lo, b->hi) - 1, 0);
    int64_t least = b->lo > 0 ? b->lo : b->hi < 0 ? -b->hi : 0;
    if (a->lo > -least && a->hi < least) {
        return *a;
    }
    return result(a->lo >= 0 ? 0 : larger(a->lo, -most),
                  a->hi <= 0 ? 0 : smaller(a->hi, most), a->low,
                  fewer(a->bits, zeros(b)));
}

static struct interval compare(uint32_t code, const struct interval *a,
                               const struct interval *b)
{
    struct interval x = *a;
    struct interval y = *b;
    bool can_be = interval_suppose(code, &x, &y);
    x = *a;
    y = *b;
    bool can_fail = interval_suppose(interval_opposite(code), &x, &y);
    return interval_span(can_fail || !can_be ? 0 : 1, can_be ? 1 : 0);
}

struct interval interval_binary(uint32_t code, const struct interval *a,
                                const struct interval *b)
{
    switch (code) {
    case CODE_I32_ADD:
        return corners(sum, a, b, a->low + b->low, fewer(a->bits, b->bits));
    case CODE_I32_SUB:
        return corners(difference, a, b, a->low - b->low,
                       fewer(a->bits, b->bits));
    case CODE_I32_MUL:
        return multiply(a, b);
    case CODE_I32_AND:
        return conjoin(a, b);
    case CODE_I32_OR:
    case CODE_I32_XOR:
        return merge(code, a, b);
    case CODE_I32_SHL:
        return shift_left(a, b);
    case CODE_I32_SHR_S:
    case CODE_I32_SHR_U:
        return shift_right(code, a, b);
    case CODE_I32_DIV_S:
        return divide(a, b);
    case CODE_I32_REM_S:
        return remainder_of(a, b);
    case CODE_I32_DIV_U:
        return interval_divide_unsigned(a, b);
    case CODE_I32_REM_U:
        return interval_remain_unsigned(a, b);
    default:
        return interval_compares(code) ? compare(code, a, b) : interval_any();
    }
}
