/* SPDX-License-Identifier: MIT */
#include "common/number.h"

#include "suite.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *text;
    unsigned bases;
    bool is_good;
    uint64_t value;
} wholes[] = {
    {"0", NUMBER_DECIMAL, true, 0},
    {"007", NUMBER_DECIMAL, true, 7}, /* not octal */
    {"18446744073709551615", NUMBER_DECIMAL, true, UINT64_MAX},
    {"18446744073709551616", NUMBER_DECIMAL, false, UINT64_MAX},
    {"", NUMBER_DECIMAL, false, 0},
    {"-1", NUMBER_DECIMAL, false, 0},
    {"+1", NUMBER_DECIMAL, false, 0},
    {" 1", NUMBER_DECIMAL, false, 0},
    {"1 ", NUMBER_DECIMAL, false, 0},
    {"1.0", NUMBER_DECIMAL, false, 0},
    {"0x10", NUMBER_DECIMAL, false, 0},
    {"0x10", NUMBER_HEX, true, 16},
    {"0Xff", NUMBER_HEX, true, 255},
    {"0x", NUMBER_HEX, false, 0},
    {"0x-1", NUMBER_HEX, false, 0},
    {"0x0x1", NUMBER_HEX, false, 0},
    {"0x10000000000000000", NUMBER_HEX, false, UINT64_MAX},
    {"0b101", NUMBER_HEX, false, 0},
    {"0b101", NUMBER_HEX | NUMBER_BINARY, true, 5},
    {"0b102", NUMBER_BINARY, false, 0},
    {"0b", NUMBER_BINARY, false, 0},
};

START_TEST(takes_digits_and_nothing_else)
{
    const char *text = wholes[_i].text;
    uint64_t value = 99;
    bool is_good =
        number_whole(text, text + strlen(text), wholes[_i].bases, &value);
    ck_assert_msg(is_good == wholes[_i].is_good && value == wholes[_i].value,
                  "'%s': %d, %llu", text, is_good, (unsigned long long)value);
}
END_TEST

START_TEST(ends_where_it_is_told)
{
    static const char text[] = "12]45";
    uint64_t value;
    ck_assert(!number_whole(text, text + 3, NUMBER_DECIMAL, &value));
    ck_assert(!number_whole(text, text + 1, NUMBER_DECIMAL, &value));
    ck_assert(number_whole(text, text + 2, NUMBER_DECIMAL, &value));
    ck_assert_uint_eq(value, 12);
}
END_TEST

START_TEST(keeps_to_a_range)
{
    uint64_t value;
    ck_assert(!number_in_range("1", NUMBER_DECIMAL, 2, 3, &value));
    ck_assert(number_in_range("2", NUMBER_DECIMAL, 2, 3, &value));
    ck_assert(number_in_range("3", NUMBER_DECIMAL, 2, 3, &value));
    ck_assert(!number_in_range("4", NUMBER_DECIMAL, 2, 3, &value));
}
END_TEST

static const struct {
    const char *text;
    bool is_good;
    double value;
} reals[] = {
    {"0.5", true, 0.5},      {"-1e3", true, -1000.0}, {"0x1p-1", true, 0.5},
    {"inf", true, HUGE_VAL}, {"", false, 0.0},        {" 1", false, 0.0},
    {"\t1", false, 0.0},     {"1 ", false, 0.0},      {"1x", false, 0.0},
    {"one", false, 0.0},
};

START_TEST(takes_whole_words_as_real_numbers)
{
    const char *text = reals[_i].text;
    double value = 0.0;
    bool is_good = number_real(text, text + strlen(text), &value);
    ck_assert_msg(is_good == reals[_i].is_good &&
                      (!is_good || value == reals[_i].value),
                  "'%s': %d, %g", text, is_good, value);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("number");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, takes_digits_and_nothing_else, 0,
                        sizeof(wholes) / sizeof(*wholes));
    tcase_add_test(tcase, ends_where_it_is_told);
    tcase_add_test(tcase, keeps_to_a_range);
    tcase_add_loop_test(tcase, takes_whole_words_as_real_numbers, 0,
                        sizeof(reals) / sizeof(*reals));
    suite_add_tcase(suite, tcase);
    return suite;
}
