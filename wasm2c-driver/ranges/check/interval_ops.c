/* SPDX-License-Identifier: MIT */
/* Transfer functions of interval.h. */
#include "ranges/check/interval_internal.h"
#include "wasm/opcode.h"

/* The number of low bits that are zero in every number. */
static uint32_t trailing_zeros(const struct interval *a)
{
    uint32_t count = 0;
    while (count < a->bits && (a->residue >> count & 1) == 0) {
        count++;
    }
    return count;
}

struct interval interval_unary(uint32_t code, const struct interval *a)
{
    const struct interval byte = interval_between(INT8_MIN, INT8_MAX);
    const struct interval half = interval_between(INT16_MIN, INT16_MAX);
    switch (code) {
    case CODE_I32_EQZ:
        return interval_between(interval_is_constant(a) && a->lo == 0 ? 1 : 0,
                                interval_contains(a, 0) ? 1 : 0);
    case CODE_I32_CLZ:
    case CODE_I32_CTZ:
    case CODE_I32_POPCNT:
        return interval_between(0, 32);
    case CODE_I32_EXTEND8_S:
        return interval_within(a, &byte) ? *a : byte;
    case CODE_I32_EXTEND16_S:
        return interval_within(a, &half) ? *a : half;
    default:
        return interval_top();
    }
}

/* The least and the greatest result for all combinations of bounds. Sound for
 * an operation that is monotonic in each operand. */
static struct interval corners(int64_t (*operation)(int64_t, int64_t),
                               const struct interval *a,
                               const struct interval *b, uint32_t residue,
                               uint32_t bits)
{
    int64_t w = operation(a->lo, b->lo);
    int64_t x = operation(a->lo, b->hi);
    int64_t y = operation(a->hi, b->lo);
    int64_t z = operation(a->hi, b->hi);
    return interval_make(
        interval_smaller(interval_smaller(w, x), interval_smaller(y, z)),
        interval_larger(interval_larger(w, x), interval_larger(y, z)), residue,
        bits);
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

/* With a = residue + x 2^bits, and b alike, all terms of the product but that
 * of the residues are multiples of each of these powers. */
static struct interval multiply(const struct interval *a,
                                const struct interval *b)
{
    uint32_t bits = interval_least(a->bits + trailing_zeros(b),
                                   b->bits + trailing_zeros(a));
    return corners(product, a, b, a->residue * b->residue,
                   interval_least(bits, 32));
}

enum { OPEN = 2 }; /* a bit that may be 0 or 1 */

/* A 0 (of `and`) or 1 (of `or`) decides without the other bit. */
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

/* The low bits of `and`, `or` and `xor`, up to the first that is open. */
static struct interval bits_of(uint32_t code, const struct interval *a,
                               const struct interval *b, int64_t lo, int64_t hi)
{
    uint32_t residue = 0;
    for (uint32_t bits = 0; bits < 32; bits++) {
        uint32_t x = bits < a->bits ? a->residue >> bits & 1 : OPEN;
        uint32_t y = bits < b->bits ? b->residue >> bits & 1 : OPEN;
        uint32_t bit = bit_of(code, x, y);
        if (bit == OPEN) {
            return interval_make(lo, hi, residue, bits);
        }
        residue |= bit << bits;
    }
    return interval_constant(residue);
}

/* Ones above zeros: `and` with it rounds down to a multiple of a power of two,
 * which is monotonic for signed numbers. */
static bool is_high_mask(const struct interval *mask)
{
    uint64_t unit = UINT64_C(0x100000000) - (uint32_t)mask->lo;
    return interval_is_constant(mask) && mask->lo < 0 &&
           (unit & (unit - 1)) == 0;
}

static int64_t round_with(int64_t a, int64_t mask)
{
    return (int32_t)((uint32_t)a & (uint32_t)mask);
}

static struct interval bitwise_and(const struct interval *a,
                                   const struct interval *b)
{
    int64_t hi = INT32_MAX;
    if (is_high_mask(b)) {
        return bits_of(CODE_I32_AND, a, b, round_with(a->lo, b->lo),
                       round_with(a->hi, b->lo));
    }
    if (is_high_mask(a)) {
        return bitwise_and(b, a);
    }
    if (a->lo < 0 && b->lo < 0) {
        return bits_of(CODE_I32_AND, a, b, INT32_MIN, INT32_MAX);
    }
    hi = a->lo >= 0 ? interval_smaller(hi, a->hi) : hi;
    hi = b->lo >= 0 ? interval_smaller(hi, b->hi) : hi;
    return bits_of(CODE_I32_AND, a, b, 0, hi);
}

static struct interval bitwise_or(uint32_t code, const struct interval *a,
                                  const struct interval *b)
{
    if (a->lo < 0 || b->lo < 0) {
        return bits_of(code, a, b, INT32_MIN, INT32_MAX);
    }
    int64_t ones = 0; /* no bit is above the highest of both */
    while (ones < a->hi || ones < b->hi) {
        ones = 2 * ones + 1;
    }
    return bits_of(code, a, b,
                   code == CODE_I32_OR ? interval_larger(a->lo, b->lo) : 0,
                   ones);
}

static struct interval shift_right(uint32_t code, const struct interval *a,
                                   const struct interval *by)
{
    if (!interval_is_constant(by)) {
        return interval_shift(code, a, by);
    }
    uint32_t count = (uint32_t)by->lo % 32;
    uint32_t bits = a->bits > count ? a->bits - count : 0;
    uint32_t residue = count == 0 ? a->residue : a->residue >> count;
    if (count == 0) {
        return *a;
    }
    if (code == CODE_I32_SHR_U) {
        int64_t lo = 0;
        int64_t hi = 0;
        interval_unsigned(a, &lo, &hi);
        return interval_make(lo >> count, hi >> count, residue, bits);
    }
    int64_t unit = INT64_C(1) << count; /* rounded down, also below 0 */
    return interval_make((a->lo - (a->lo & (unit - 1))) / unit,
                         (a->hi - (a->hi & (unit - 1))) / unit, residue, bits);
}

static struct interval shift_left(const struct interval *a,
                                  const struct interval *by)
{
    if (!interval_is_constant(by)) {
        return interval_shift(CODE_I32_SHL, a, by);
    }
    uint32_t count = (uint32_t)by->lo % 32;
    int64_t unit = INT64_C(1) << count;
    return interval_make(a->lo * unit, a->hi * unit, a->residue << count,
                         interval_least(a->bits + count, 32));
}

static struct interval divide_signed(const struct interval *a,
                                     const struct interval *b)
{
    if (b->lo > 0 || b->hi < 0) {
        return corners(quotient, a, b, 0, 0);
    }
    int64_t size = interval_larger(-a->lo, a->hi); /* no quotient is larger */
    return interval_make(-size, size, 0, 0);
}

/* The remainder has the sign of 'a', is no further from zero than 'a', and
 * nearer than the divisor. */
static struct interval remainder_signed(const struct interval *a,
                                        const struct interval *b)
{
    int64_t most = interval_larger(interval_larger(-b->lo, b->hi) - 1, 0);
    int64_t smallest = b->lo > 0 ? b->lo : b->hi < 0 ? -b->hi : 0;
    if (a->lo > -smallest && a->hi < smallest) {
        return *a;
    }
    return interval_make(a->lo >= 0 ? 0 : interval_larger(a->lo, -most),
                         a->hi <= 0 ? 0 : interval_smaller(a->hi, most),
                         a->residue,
                         interval_least(a->bits, trailing_zeros(b)));
}

static struct interval compare(uint32_t code, const struct interval *a,
                               const struct interval *b)
{
    struct interval x = *a;
    struct interval y = *b;
    bool can_be = interval_assume(code, &x, &y);
    x = *a;
    y = *b;
    bool can_fail = interval_assume(interval_negated(code), &x, &y);
    return interval_between(can_fail || !can_be ? 0 : 1, can_be ? 1 : 0);
}

struct interval interval_binary(uint32_t code, const struct interval *a,
                                const struct interval *b)
{
    switch (code) {
    case CODE_I32_ADD:
        return corners(sum, a, b, a->residue + b->residue,
                       interval_least(a->bits, b->bits));
    case CODE_I32_SUB:
        return corners(difference, a, b, a->residue - b->residue,
                       interval_least(a->bits, b->bits));
    case CODE_I32_MUL:
        return multiply(a, b);
    case CODE_I32_AND:
        return bitwise_and(a, b);
    case CODE_I32_OR:
    case CODE_I32_XOR:
        return bitwise_or(code, a, b);
    case CODE_I32_SHL:
        return shift_left(a, b);
    case CODE_I32_SHR_S:
    case CODE_I32_SHR_U:
        return shift_right(code, a, b);
    case CODE_I32_DIV_S:
        return divide_signed(a, b);
    case CODE_I32_REM_S:
        return remainder_signed(a, b);
    case CODE_I32_DIV_U:
        return interval_divide_unsigned(a, b);
    case CODE_I32_REM_U:
        return interval_remainder_unsigned(a, b);
    default:
        return interval_is_comparison(code) ? compare(code, a, b)
                                            : interval_top();
    }
}
