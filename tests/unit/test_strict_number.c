/* SPDX-License-Identifier: MIT */
/* Numbers that fill a text: what is one, what is not, and every value. */
#include "base/strict_number.h"

#include "base/arena.h"
#include "suite.h"

#include <inttypes.h>

static const struct {
    const char *text;
    uint32_t max;
    bool is_number;
    uint32_t value;
} words[] = {
    {"0", 0, true, 0},
    {"1", 0, false, 0},
    {"007", 7, true, 7}, /* no octal */
    {"9", 9, true, 9},
    {"10", 9, false, 0},
    {"4294967295", UINT32_MAX, true, UINT32_MAX},
    {"4294967296", UINT32_MAX, false, 0},
    {"4294967294", UINT32_MAX - 1, true, UINT32_MAX - 1},
    {"4294967295", UINT32_MAX - 1, false, 0},
    {"18446744073709551617", UINT32_MAX, false, 0}, /* 1 modulo 2^64 */
    {"99999999999999999999999", UINT32_MAX, false, 0},
    {"0x0", UINT32_MAX, true, 0},
    {"0XfF", UINT32_MAX, true, 255},
    {"0xFFFFFFFF", UINT32_MAX, true, UINT32_MAX},
    {"0x100000000", UINT32_MAX, false, 0},
    {"0x", UINT32_MAX, false, 0},
    {"x1", UINT32_MAX, false, 0},
    {"0xg", UINT32_MAX, false, 0},
    {"0x0x1", UINT32_MAX, false, 0},
    {"a", UINT32_MAX, false, 0},
    {"", UINT32_MAX, false, 0},
    {" 1", UINT32_MAX, false, 0},
    {"1 ", UINT32_MAX, false, 0},
    {"+1", UINT32_MAX, false, 0},
    {"-1", UINT32_MAX, false, 0},
    {"1.0", UINT32_MAX, false, 0},
    {"1e3", UINT32_MAX, false, 0},
    {"/", UINT32_MAX, false, 0},
    {":", UINT32_MAX, false, 0},
    {"\xd9\xa1", UINT32_MAX, false, 0}, /* an Arabic digit */
};

START_TEST(reads_nothing_but_a_number_up_to_the_limit)
{
    const uint32_t untouched = 0xabadcafe;
    uint32_t value = untouched;
    bool is_number = strict_number_u32(words[_i].text, strlen(words[_i].text),
                                       words[_i].max, &value);
    ck_assert_msg(is_number == words[_i].is_number, "'%s'", words[_i].text);
    ck_assert_msg(value == (is_number ? words[_i].value : untouched),
                  "'%s': %u", words[_i].text, value);
}
END_TEST

START_TEST(reads_the_given_length_only)
{
    uint32_t value = 0;
    ck_assert(strict_number_u32("12=34", 2, UINT32_MAX, &value));
    ck_assert_uint_eq(value, 12);
    ck_assert(strict_number_u32("0x12", 1, UINT32_MAX, &value));
    ck_assert_uint_eq(value, 0);
    ck_assert(!strict_number_u32("1", 0, UINT32_MAX, &value));
}
END_TEST

/* Around every power of two, in both bases, at the limit and one below it. */
START_TEST(is_exact_up_to_64_bits)
{
    static const unsigned bases[2] = {10, 16};
    struct arena arena;
    arena_init(&arena, 0);
    for (unsigned i = 0; i < 64 * 3; i++) {
        uint64_t wanted = (UINT64_C(1) << i / 3) + i % 3 - 1;
        for (size_t k = 0; k < 2; k++) {
            const char *text = bases[k] == 16
                                   ? arena_format(&arena, "%" PRIX64, wanted)
                                   : arena_format(&arena, "%" PRIu64, wanted);
            uint64_t value = ~wanted;
            ck_assert_msg(strict_number_u64(text, strlen(text), bases[k],
                                            wanted, &value) &&
                              value == wanted,
                          "%s", text);
            ck_assert_msg(wanted == 0 ||
                              !strict_number_u64(text, strlen(text), bases[k],
                                                 wanted - 1, &value),
                          "%s", text);
        }
    }
    uint64_t value = 0;
    ck_assert(
        !strict_number_u64("18446744073709551616", 20, 10, UINT64_MAX, &value));
    ck_assert(
        !strict_number_u64("10000000000000000", 17, 16, UINT64_MAX, &value));
    arena_deinit(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("strict_number");
    TCase *tcase = tcase_create("strict_number");
    tcase_add_loop_test(tcase, reads_nothing_but_a_number_up_to_the_limit, 0,
                        sizeof(words) / sizeof(words[0]));
    tcase_add_test(tcase, reads_the_given_length_only);
    tcase_add_test(tcase, is_exact_up_to_64_bits);
    suite_add_tcase(suite, tcase);
    return suite;
}
