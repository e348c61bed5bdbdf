/* SPDX-License-Identifier: MIT */
#include "ranges/code.h"
#include "ranges/range.h"
#include "suite.h"

#include <stdlib.h>

enum { ROUNDS = 200000 };

/* Check writes down every assertion that holds, which takes most of the time of
 * so many. */
#define EXPECT(condition, ...)         \
    do {                               \
        if (!(condition)) {            \
            ck_abort_msg(__VA_ARGS__); \
        }                              \
    } while (0)

static uint64_t seed;

static uint32_t random_bits(void)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(z >> 32);
}

/* Numbers at which something changes come often. */
static uint32_t random_number(void)
{
    static const uint32_t edges[] = {
        0,          1,          2,          3,          4,          31,
        32,         127,        128,        65535,      65536,      0x7ffffffe,
        0x7fffffff, 0x80000000, 0x80000001, 0xfffffffc, 0xfffffffe, 0xffffffff};
    switch (random_bits() % 3) {
    case 0:
        return edges[random_bits() % (sizeof(edges) / sizeof(edges[0]))];
    case 1:
        return random_bits() % 64 - 32;
    default:
        return random_bits() >> random_bits() % 32;
    }
}

/* A range and a value in it. */
static struct range random_range(uint32_t *value)
{
    *value = random_number();
    struct range range = range_constant(*value);
    for (uint32_t k = random_bits() % 3; k > 0; k--) {
        struct range other = range_constant(random_number());
        range = range_join(&range, &other);
    }
    if (random_bits() % 4 == 0) { /* multiples, around the value */
        uint32_t bits = random_bits() % 5;
        uint32_t near = *value + (random_bits() % 8 << bits);
        struct range other = range_constant(near);
        range = range_join(&range, &other);
    }
    return range;
}

static void set_up(void)
{
    const char *text = getenv("F4E_SEED");
    seed = text != NULL ? strtoull(text, NULL, 0) : 1;
}

static bool is_trap(uint32_t code, uint32_t a, uint32_t b)
{
    bool is_signed = code == CODE_I32_DIV_S;
    bool is_division = code >= CODE_I32_DIV_S && code <= CODE_I32_REM_U;
    return is_division &&
           (b == 0 || (is_signed && a == 0x80000000 && b == UINT32_MAX));
}

/* The numbers of the specification, written once more. */
static uint32_t compute(uint32_t code, uint32_t a, uint32_t b)
{
    int32_t x = (int32_t)a;
    int32_t y = (int32_t)b;
    switch (code) {
    case CODE_I32_EQ:
        return a == b;
    case CODE_I32_NE:
        return a != b;
    case CODE_I32_LT_S:
        return x < y;
    case CODE_I32_LT_U:
        return a < b;
    case CODE_I32_GT_S:
        return x > y;
    case CODE_I32_GT_U:
        return a > b;
    case CODE_I32_LE_S:
        return x <= y;
    case CODE_I32_LE_U:
        return a <= b;
    case CODE_I32_GE_S:
        return x >= y;
    case CODE_I32_GE_U:
        return a >= b;
    case CODE_I32_ADD:
        return a + b;
    case CODE_I32_SUB:
        return a - b;
    case CODE_I32_MUL:
        return a * b;
    case CODE_I32_DIV_S:
        return (uint32_t)(x / y);
    case CODE_I32_DIV_U:
        return a / b;
    case CODE_I32_REM_S:
        return y == -1 ? 0 : (uint32_t)(x % y);
    case CODE_I32_REM_U:
        return a % b;
    case CODE_I32_AND:
        return a & b;
    case CODE_I32_OR:
        return a | b;
    case CODE_I32_XOR:
        return a ^ b;
    case CODE_I32_SHL:
        return a << (b & 31);
    case CODE_I32_SHR_S:
        return (uint32_t)(int32_t)((int64_t)x >> (b & 31));
    default:
        return a >> (b & 31);
    }
}

static const uint32_t binary_codes[] = {
    CODE_I32_EQ,    CODE_I32_NE,    CODE_I32_LT_S,  CODE_I32_LT_U,
    CODE_I32_GT_S,  CODE_I32_GT_U,  CODE_I32_LE_S,  CODE_I32_LE_U,
    CODE_I32_GE_S,  CODE_I32_GE_U,  CODE_I32_ADD,   CODE_I32_SUB,
    CODE_I32_MUL,   CODE_I32_DIV_S, CODE_I32_DIV_U, CODE_I32_REM_S,
    CODE_I32_REM_U, CODE_I32_AND,   CODE_I32_OR,    CODE_I32_XOR,
    CODE_I32_SHL,   CODE_I32_SHR_S, CODE_I32_SHR_U};

START_TEST(holds_for_every_result)
{
    uint32_t code = binary_codes[_i];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        const struct range a = random_range(&x);
        const struct range b = random_range(&y);
        if (is_trap(code, x, y)) {
            continue;
        }
        const struct range result = range_binary(code, &a, &b);
        uint32_t number = compute(code, x, y);
        EXPECT(range_contains(&result, number),
               "opcode %02x: %d of [%d, %d] and %d of [%d, %d] give %d, "
               "not in [%d, %d], %u modulo 2^%u",
               code, (int32_t)x, a.lo, a.hi, (int32_t)y, b.lo, b.hi,
               (int32_t)number, result.lo, result.hi, result.residue,
               result.bits);
    }
}
END_TEST

START_TEST(keeps_operands_that_give_the_outcome)
{
    uint32_t code = binary_codes[_i];
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        struct range a = random_range(&x);
        struct range b = random_range(&y);
        bool outcome = compute(code, x, y) != 0;
        bool is_possible = range_assume(code, outcome, &a, &b);
        EXPECT(is_possible && range_contains(&a, x) && range_contains(&b, y),
               "opcode %02x is %d for %d and %d, lost", code, outcome,
               (int32_t)x, (int32_t)y);
    }
}
END_TEST

START_TEST(joins_meets_and_orders)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        const struct range a = random_range(&x);
        const struct range b = random_range(&y);
        const struct range both = range_join(&a, &b);
        EXPECT(range_within(&a, &both) && range_within(&b, &both), "%d, %d",
               (int32_t)x, (int32_t)y);
        EXPECT(range_contains(&a, x) && range_contains(&both, x), "%d, %d",
               (int32_t)x, (int32_t)y);
        struct range common = a;
        if (range_meet(&common, &a, &b)) {
            EXPECT(range_within(&common, &a) && range_within(&common, &b),
                   "%d, %d", (int32_t)x, (int32_t)y);
        } else {
            EXPECT(!range_contains(&b, x) && !range_contains(&a, y), "%d, %d",
                   (int32_t)x, (int32_t)y);
        }
        EXPECT(!range_contains(&b, x) || range_contains(&common, x), "%d, %d",
               (int32_t)x, (int32_t)y);
    }
}
END_TEST

START_TEST(holds_for_every_unary_result)
{
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t x = 0;
        const struct range a = random_range(&x);
        const struct range zero = range_unary(CODE_I32_EQZ, &a);
        const struct range byte = range_unary(CODE_I32_EXTEND8_S, &a);
        const struct range half = range_unary(CODE_I32_EXTEND16_S, &a);
        const struct range zeros = range_unary(CODE_I32_CLZ, &a);
        EXPECT(range_contains(&zero, x == 0), "%d", (int32_t)x);
        EXPECT(range_contains(&byte, (uint32_t)(int8_t)x), "%d", (int32_t)x);
        EXPECT(range_contains(&half, (uint32_t)(int16_t)x), "%d", (int32_t)x);
        EXPECT(range_contains(&zeros, x == 0 ? 32 : (uint32_t)__builtin_clz(x)),
               "%d", (int32_t)x);
    }
}
END_TEST

/* What the patterns of 8f4e need to be as narrow as this. */
static const struct {
    const char *name;
    uint32_t code;
    struct range a, b, want;
} precise[] = {
    {"a remainder",
     CODE_I32_REM_S,
     {0, 1 << 30, 0, 0},
     {128, 128, 128, 32},
     {0, 127, 0, 0}},
    {"a mask",
     CODE_I32_AND,
     {INT32_MIN, INT32_MAX, 0, 0},
     {127, 127, 127, 32},
     {0, 127, 0, 0}},
    {"words of an array",
     CODE_I32_MUL,
     {0, 127, 0, 0},
     {4, 4, 4, 32},
     {0, 508, 0, 2}},
    {"its addresses",
     CODE_I32_ADD,
     {0, 508, 0, 2},
     {8, 8, 8, 32},
     {8, 516, 0, 2}},
    {"what may wrap round",
     CODE_I32_ADD,
     {0, INT32_MAX, 0, 0},
     {1, 1, 1, 32},
     {INT32_MIN, INT32_MAX, 0, 0}},
    {"low bits of what wraps round",
     CODE_I32_MUL,
     {INT32_MIN, INT32_MAX, 0, 0},
     {4, 4, 4, 32},
     {INT32_MIN, INT32_MAX - 3, 0, 2}},
};

START_TEST(is_precise)
{
    const struct range result =
        range_binary(precise[_i].code, &precise[_i].a, &precise[_i].b);
    ck_assert_msg(range_equal(&result, &precise[_i].want),
                  "%s: [%d, %d], %u modulo 2^%u", precise[_i].name, result.lo,
                  result.hi, result.residue, result.bits);
}
END_TEST

Suite *test_suite(void)
{
    enum { COMPARISONS = 10 };
    Suite *suite = suite_create("range");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, holds_for_every_result, 0,
                        sizeof(binary_codes) / sizeof(binary_codes[0]));
    tcase_add_loop_test(tcase, keeps_operands_that_give_the_outcome, 0,
                        COMPARISONS);
    tcase_add_test(tcase, joins_meets_and_orders);
    tcase_add_test(tcase, holds_for_every_unary_result);
    tcase_add_loop_test(tcase, is_precise, 0,
                        sizeof(precise) / sizeof(precise[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
