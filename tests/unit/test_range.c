/* SPDX-License-Identifier: MIT */
#include "i32.h"
#include "ranges/domain/range.h"
#include "suite.h"

enum { ROUNDS = 200000 };

/* Check writes down every assertion that holds, which takes most of the time of
 * so many. */
#define EXPECT(condition, ...)         \
    do {                               \
        if (!(condition)) {            \
            ck_abort_msg(__VA_ARGS__); \
        }                              \
    } while (0)

/* A range and a value in it. */
static struct range random_range(uint32_t *value)
{
    *value = i32_number();
    struct range range = range_constant(*value);
    for (uint32_t k = i32_bits() % 3; k > 0; k--) {
        struct range other = range_constant(i32_number());
        range = range_join(&range, &other);
    }
    if (i32_bits() % 4 == 0) { /* multiples, around the value */
        uint32_t bits = i32_bits() % 5;
        uint32_t near = *value + (i32_bits() % 8 << bits);
        struct range other = range_constant(near);
        range = range_join(&range, &other);
    }
    return range;
}

static void set_up(void)
{
    i32_seed();
}

START_TEST(holds_for_every_result)
{
    uint32_t code = i32_codes[_i];
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        const struct range a = random_range(&x);
        const struct range b = random_range(&y);
        if (i32_traps(code, x, y)) {
            continue;
        }
        const struct range result = range_binary(code, &a, &b);
        uint32_t number = i32_compute(code, x, y);
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
    uint32_t code = i32_codes[_i];
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        struct range a = random_range(&x);
        struct range b = random_range(&y);
        bool outcome = i32_compute(code, x, y) != 0;
        bool is_possible = range_assume(code, outcome, &a, &b);
        EXPECT(is_possible && range_contains(&a, x) && range_contains(&b, y),
               "opcode %02x is %d for %d and %d, lost", code, outcome,
               (int32_t)x, (int32_t)y);
    }
}
END_TEST

START_TEST(joins_meets_and_orders)
{
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
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
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
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
    Suite *suite = suite_create("range");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, holds_for_every_result, 0, I32_CODES);
    tcase_add_loop_test(tcase, keeps_operands_that_give_the_outcome, 0,
                        I32_COMPARISONS);
    tcase_add_test(tcase, joins_meets_and_orders);
    tcase_add_test(tcase, holds_for_every_unary_result);
    tcase_add_loop_test(tcase, is_precise, 0,
                        sizeof(precise) / sizeof(precise[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
