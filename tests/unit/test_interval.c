/* SPDX-License-Identifier: MIT */
#include "i32.h"
#include "ranges/check/interval.h"
#include "suite.h"

enum {
    SMALL = 5, /* numbers from -SMALL to SMALL, all of them */
    MOST = 160,
    ROUNDS = 200000,
};

/* As in test_range.c: Check writes down every assertion that holds. */
#define EXPECT(condition, ...)         \
    do {                               \
        if (!(condition)) {            \
            ck_abort_msg(__VA_ARGS__); \
        }                              \
    } while (0)

static void set_up(void)
{
    i32_seed();
}

/* ---- All intervals of small numbers ---- */

static struct interval all[MOST];
static uint32_t all_count;

/* Every interval with bounds among the small numbers, with every residue of up
 * to two bits. */
static void list_all(void)
{
    all_count = 0;
    for (int lo = -SMALL; lo <= SMALL; lo++) {
        for (int hi = lo; hi <= SMALL; hi++) {
            for (uint32_t bits = 0; bits <= 2; bits++) {
                struct interval a = {lo, hi, (uint32_t)lo & ((1U << bits) - 1),
                                     bits};
                if (interval_contains(&a, (uint32_t)hi)) {
                    EXPECT(all_count < MOST, "more than %d", MOST);
                    all[all_count++] =
                        lo == hi ? interval_constant((uint32_t)lo) : a;
                }
            }
        }
    }
}

/* Each result of an instruction is in the interval of results; no numbers that
 * satisfy a comparison are lost. */
START_TEST(holds_for_all_small_numbers)
{
    uint32_t code = i32_codes[_i];
    list_all();
    for (uint32_t i = 0; i < all_count * all_count; i++) {
        const struct interval *a = &all[i / all_count];
        const struct interval *b = &all[i % all_count];
        const struct interval result = interval_binary(code, a, b);
        struct interval kept_a = *a;
        struct interval kept_b = *b;
        bool can_be = interval_is_comparison(code) &&
                      interval_assume(code, &kept_a, &kept_b);
        for (int64_t x = a->lo; x <= a->hi; x++) {
            for (int64_t y = b->lo; y <= b->hi; y++) {
                uint32_t m = (uint32_t)x;
                uint32_t n = (uint32_t)y;
                if (!interval_contains(a, m) || !interval_contains(b, n) ||
                    i32_traps(code, m, n)) {
                    continue;
                }
                uint32_t number = i32_compute(code, m, n);
                EXPECT(interval_contains(&result, number),
                       "opcode %02x: %d and %d give %d", code, (int)x, (int)y,
                       (int)number);
                EXPECT(!interval_is_comparison(code) || number == 0 ||
                           (can_be && interval_contains(&kept_a, m) &&
                            interval_contains(&kept_b, n)),
                       "opcode %02x: %d and %d are lost", code, (int)x, (int)y);
            }
        }
    }
}
END_TEST

/* ---- Any numbers ---- */

/* An interval, and a number in it. */
static struct interval any_interval(uint32_t *number)
{
    *number = i32_number();
    struct interval a = interval_constant(*number);
    for (uint32_t k = i32_bits() % 3; k > 0; k--) {
        const struct interval other = interval_constant(
            i32_bits() % 2 == 0 ? i32_number()
                                : *number + (i32_bits() % 8 << i32_bits() % 5));
        a = interval_join(&a, &other);
    }
    EXPECT(interval_contains(&a, *number), "a hull misses %d", (int)*number);
    return a;
}

START_TEST(holds_for_any_numbers)
{
    uint32_t code = i32_codes[_i];
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        struct interval a = any_interval(&x);
        struct interval b = any_interval(&y);
        if (i32_traps(code, x, y)) {
            continue;
        }
        uint32_t number = i32_compute(code, x, y);
        const struct interval result = interval_binary(code, &a, &b);
        EXPECT(interval_contains(&result, number),
               "opcode %02x: %d and %d give %d, not in [%d, %d]", code, (int)x,
               (int)y, (int)number, (int)result.lo, (int)result.hi);
        if (interval_is_comparison(code)) {
            uint32_t happened = number != 0 ? code : interval_negated(code);
            EXPECT(interval_assume(happened, &a, &b) &&
                       interval_contains(&a, x) && interval_contains(&b, y),
                   "opcode %02x: %d and %d are lost", code, (int)x, (int)y);
        }
    }
}
END_TEST

START_TEST(holds_for_one_operand)
{
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
        uint32_t x = 0;
        const struct interval a = any_interval(&x);
        const struct {
            uint32_t code;
            uint32_t number;
        } wanted[] = {
            {CODE_I32_EQZ, x == 0},
            {CODE_I32_CLZ, x == 0 ? 32 : (uint32_t)__builtin_clz(x)},
            {CODE_I32_CTZ, x == 0 ? 32 : (uint32_t)__builtin_ctz(x)},
            {CODE_I32_POPCNT, (uint32_t)__builtin_popcount(x)},
            {CODE_I32_EXTEND8_S, (uint32_t)(int8_t)x},
            {CODE_I32_EXTEND16_S, (uint32_t)(int16_t)x},
        };
        for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
            const struct interval result = interval_unary(wanted[k].code, &a);
            EXPECT(interval_contains(&result, wanted[k].number),
                   "opcode %02x of %d", wanted[k].code, (int)x);
        }
    }
}
END_TEST

START_TEST(cuts_hulls_and_compares)
{
    for (unsigned i = 0; i < suite_rounds(ROUNDS); i++) {
        uint32_t x = 0;
        uint32_t y = 0;
        const struct interval a = any_interval(&x);
        const struct interval b = any_interval(&y);
        const struct interval both = interval_join(&a, &b);
        struct interval common = a;
        bool is_any = interval_meet(&common, &b);
        int64_t lo = 0;
        int64_t hi = 0;
        interval_unsigned(&a, &lo, &hi);
        EXPECT(interval_within(&a, &both) && interval_within(&b, &both),
               "%d, %d: a hull is too small", (int)x, (int)y);
        EXPECT(!interval_within(&a, &b) || interval_contains(&b, x),
               "%d, %d: inside, but not in it", (int)x, (int)y);
        EXPECT(!interval_contains(&b, x) ||
                   (is_any && interval_contains(&common, x)),
               "%d, %d: a cut loses a number", (int)x, (int)y);
        EXPECT(!is_any || (interval_within(&common, &a) &&
                           interval_within(&common, &b)),
               "%d, %d: a cut is too large", (int)x, (int)y);
        EXPECT(lo <= x && x <= hi, "%u: not in its unsigned bounds", x);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("interval");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, set_up, NULL);
    tcase_add_loop_test(tcase, holds_for_all_small_numbers, 0, I32_CODES);
    tcase_add_loop_test(tcase, holds_for_any_numbers, 0, I32_CODES);
    tcase_add_test(tcase, holds_for_one_operand);
    tcase_add_test(tcase, cuts_hulls_and_compares);
    suite_add_tcase(suite, tcase);
    return suite;
}
