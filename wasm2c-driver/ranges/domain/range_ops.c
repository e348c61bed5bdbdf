/* SPDX-License-Identifier: MIT */
/* Transfer functions of range.h. */
#include "ranges/domain/range_internal.h"
#include "wasm/opcode.h"

static struct range truth(bool can_be_false, bool can_be_true)
{
    return range_between(can_be_false ? 0 : 1, can_be_true ? 1 : 0);
}

struct range range_unary(uint32_t code, const struct range *a)
{
    struct range byte = range_between(INT8_MIN, INT8_MAX);
    struct range half = range_between(INT16_MIN, INT16_MAX);
    switch (code) {
    case CODE_I32_EQZ:
        return truth(!range_is_constant(a) || a->lo != 0, range_contains(a, 0));
    case CODE_I32_CLZ:
    case CODE_I32_CTZ:
    case CODE_I32_POPCNT:
        return range_between(0, 32);
    case CODE_I32_EXTEND8_S:
        return range_within(a, &byte) ? *a : byte;
    case CODE_I32_EXTEND16_S:
        return range_within(a, &half) ? *a : half;
    default:
        return range_top();
    }
}

static struct range add(const struct range *a, const struct range *b)
{
    return range_make((int64_t)a->lo + b->lo, (int64_t)a->hi + b->hi,
                      a->residue + b->residue, range_least(a->bits, b->bits));
}

static struct range subtract(const struct range *a, const struct range *b)
{
    return range_make((int64_t)a->lo - b->hi, (int64_t)a->hi - b->lo,
                      a->residue - b->residue, range_least(a->bits, b->bits));
}

/* The least and the greatest of the results for all combinations of bounds. */
static void extremes(const int64_t values[4], int64_t *lo, int64_t *hi)
{
    *lo = values[0];
    *hi = values[0];
    for (int i = 1; i < 4; i++) {
        *lo = values[i] < *lo ? values[i] : *lo;
        *hi = values[i] > *hi ? values[i] : *hi;
    }
}

static struct range multiply(const struct range *a, const struct range *b)
{
    const int64_t corners[4] = {(int64_t)a->lo * b->lo, (int64_t)a->lo * b->hi,
                                (int64_t)a->hi * b->lo, (int64_t)a->hi * b->hi};
    int64_t lo = 0;
    int64_t hi = 0;
    extremes(corners, &lo, &hi);
    uint32_t bits = range_least(a->bits + range_trailing_zeros(b),
                                b->bits + range_trailing_zeros(a));
    return range_make(lo, hi, a->residue * b->residue, range_least(bits, 32));
}

/* The number of low bits of the result that are known without a gap. */
static uint32_t bitwise_bits(uint32_t code, const struct range *a,
                             const struct range *b)
{
    uint32_t count = 0;
    for (; count < 32; count++) {
        bool has_a = count < a->bits;
        bool has_b = count < b->bits;
        /* The bit of one operand that decides the result alone. */
        uint32_t settling = code == CODE_I32_AND ? 0 : 1;
        bool is_known = (has_a && has_b) ||
                        (code != CODE_I32_XOR &&
                         ((has_a && (a->residue >> count & 1) == settling) ||
                          (has_b && (b->residue >> count & 1) == settling)));
        if (!is_known) {
            break;
        }
    }
    return count;
}

static uint32_t bitwise_apply(uint32_t code, uint32_t a, uint32_t b)
{
    return code == CODE_I32_AND ? a & b : code == CODE_I32_OR ? a | b : a ^ b;
}

/* The least 2^n - 1 that is not below 'value', which is not negative. */
static int32_t fill_ones(int32_t value)
{
    uint32_t bits = (uint32_t)value;
    for (uint32_t shift = 1; shift < 32; shift *= 2) {
        bits |= bits >> shift;
    }
    return (int32_t)bits;
}

/* Ones above zeros, such as -4: rounds down to a multiple of a power of two. */
static bool is_high_mask(const struct range *a)
{
    uint32_t below = ~(uint32_t)a->lo;
    return range_is_constant(a) && a->lo < 0 && (below & (below + 1)) == 0;
}

static struct range bitwise(uint32_t code, const struct range *a,
                            const struct range *b)
{
    int64_t lo = INT32_MIN;
    int64_t hi = INT32_MAX;
    if (code == CODE_I32_AND && is_high_mask(b)) {
        lo = (int32_t)((uint32_t)a->lo & (uint32_t)b->lo);
        hi = (int32_t)((uint32_t)a->hi & (uint32_t)b->lo);
    } else if (code == CODE_I32_AND && (a->lo >= 0 || b->lo >= 0)) {
        lo = 0;
        hi = a->lo < 0       ? b->hi
             : b->lo < 0     ? a->hi
             : a->hi < b->hi ? a->hi
                             : b->hi;
    } else if (code != CODE_I32_AND && a->lo >= 0 && b->lo >= 0) {
        lo = code == CODE_I32_XOR ? 0 : a->lo > b->lo ? a->lo : b->lo;
        hi = fill_ones(a->hi | b->hi);
    }
    return range_make(lo, hi, bitwise_apply(code, a->residue, b->residue),
                      bitwise_bits(code, a, b));
}

static struct range shift(uint32_t code, const struct range *a,
                          const struct range *b)
{
    if (!range_is_constant(b)) {
        return range_shift(code, a, b);
    }
    uint32_t count = (uint32_t)b->lo & 31;
    if (count == 0) {
        return *a;
    }
    if (code == CODE_I32_SHL) {
        struct range factor = range_constant(UINT32_C(1) << count);
        if (count == 31) { /* 2^31 is negative as a factor */
            return range_make(INT32_MIN, INT32_MAX, a->residue << 31,
                              range_least(a->bits + 31, 32));
        }
        return multiply(a, &factor);
    }
    uint32_t bits = a->bits > count ? a->bits - count : 0;
    if (code == CODE_I32_SHR_U && a->lo < 0) {
        if (a->hi >= 0) {
            return range_make(0, UINT32_MAX >> count, a->residue >> count,
                              bits);
        }
        return range_make((uint32_t)a->lo >> count, (uint32_t)a->hi >> count,
                          a->residue >> count, bits);
    }
    /* An arithmetic shift divides and rounds down. */
    int64_t unit = INT64_C(1) << count;
    int64_t lo =
        a->lo >= 0 ? a->lo / unit : -((-(int64_t)a->lo + unit - 1) / unit);
    int64_t hi =
        a->hi >= 0 ? a->hi / unit : -((-(int64_t)a->hi + unit - 1) / unit);
    return range_make(lo, hi, a->residue >> count, bits);
}

static struct range divide_signed(const struct range *a, const struct range *b)
{
    if (b->lo > 0 || b->hi < 0) {
        const int64_t corners[4] = {
            (int64_t)a->lo / b->lo, (int64_t)a->lo / b->hi,
            (int64_t)a->hi / b->lo, (int64_t)a->hi / b->hi};
        int64_t lo = 0;
        int64_t hi = 0;
        extremes(corners, &lo, &hi);
        return range_make(lo, hi, 0, 0);
    }
    int64_t largest = a->lo == INT32_MIN        ? INT64_C(1) << 31
                      : -(int64_t)a->lo > a->hi ? -(int64_t)a->lo
                                                : a->hi;
    return range_make(-largest, largest, 0, 0);
}

static struct range remainder_signed(const struct range *a,
                                     const struct range *b)
{
    int64_t below = -(int64_t)b->lo > b->hi ? -(int64_t)b->lo : b->hi;
    int64_t largest = below > 0 ? below - 1 : 0;
    if (range_is_constant(b) && a->lo > -below && a->hi < below) {
        return *a; /* smaller than the divisor */
    }
    int64_t lo = a->lo >= 0 ? 0 : a->lo > -largest ? a->lo : -largest;
    int64_t hi = a->hi <= 0 ? 0 : a->hi < largest ? a->hi : largest;
    /* A divisor that is a multiple of 2^k preserves the low k bits. */
    return range_make(lo, hi, a->residue,
                      range_least(a->bits, range_trailing_zeros(b)));
}

static struct range remainder_unsigned(const struct range *a,
                                       const struct range *b)
{
    uint32_t bits = range_least(a->bits, range_trailing_zeros(b));
    if (a->lo >= 0 && b->lo > a->hi) {
        return *a; /* smaller than the divisor */
    }
    if (b->lo < 0 || b->hi == 0) {
        return range_make(a->lo >= 0 ? 0 : INT32_MIN,
                          a->lo >= 0 ? a->hi : INT32_MAX, a->residue, bits);
    }
    int32_t hi = b->hi - 1;
    return range_make(0, a->lo >= 0 && a->hi < hi ? a->hi : hi, a->residue,
                      bits);
}

static struct range compare(uint32_t code, const struct range *a,
                            const struct range *b)
{
    struct range x = *a;
    struct range y = *b;
    bool can_be_true = range_assume(code, true, &x, &y);
    x = *a;
    y = *b;
    bool can_be_false = range_assume(code, false, &x, &y);
    return truth(can_be_false, can_be_true || !can_be_false);
}

struct range range_binary(uint32_t code, const struct range *a,
                          const struct range *b)
{
    switch (code) {
    case CODE_I32_ADD:
        return add(a, b);
    case CODE_I32_SUB:
        return subtract(a, b);
    case CODE_I32_MUL:
        return multiply(a, b);
    case CODE_I32_AND:
    case CODE_I32_OR:
    case CODE_I32_XOR:
        return bitwise(code, a, b);
    case CODE_I32_SHL:
    case CODE_I32_SHR_S:
    case CODE_I32_SHR_U:
        return shift(code, a, b);
    case CODE_I32_DIV_S:
        return divide_signed(a, b);
    case CODE_I32_REM_S:
        return remainder_signed(a, b);
    case CODE_I32_DIV_U:
        return range_divide_unsigned(a, b);
    case CODE_I32_REM_U:
        return remainder_unsigned(a, b);
    default:
        return range_is_comparison(code) ? compare(code, a, b) : range_top();
    }
}
