/* SPDX-License-Identifier: MIT */
#include "project/parse/number.h"

#include "project_bench.h"
#include "suite.h"

#include <math.h>

static const struct {
    const char *text;
    enum number_result result;
    double value;
    bool is_integer;
} literals[] = {
    {"0", NUMBER_OK, 0, true},
    {"-7", NUMBER_OK, -7, true},
    {"007", NUMBER_OK, 7, true},
    {"5.", NUMBER_OK, 5, false},
    {".5", NUMBER_OK, 0.5, false},
    {"-.5", NUMBER_OK, -0.5, false},
    {"1e3", NUMBER_OK, 1000, false},
    {"1E+2", NUMBER_OK, 100, false},
    {"2f64", NUMBER_OK, 2, false},
    {"0xff", NUMBER_OK, 255, true},
    {"-0x10", NUMBER_OK, -16, true},
    {"0b101", NUMBER_OK, 5, true},
    {"0x20000000000001", NUMBER_OK, 9007199254740993.0, true},
    {"0x3fffffffffffff", NUMBER_OK, 18014398509481984.0, true},
    {"0x80000000000000400", NUMBER_OK, 147573952589676412928.0, true},
    {"0x80000000000004001", NUMBER_OK, 147573952589676445696.0, true},
    {"1e999", NUMBER_TOO_LARGE, 0, false},
    {"", NUMBER_NONE, 0, false},
    {"-", NUMBER_NONE, 0, false},
    {".", NUMBER_NONE, 0, false},
    {"+5", NUMBER_NONE, 0, false},
    {"0x", NUMBER_NONE, 0, false},
    {"0X1", NUMBER_NONE, 0, false},
    {"0o7", NUMBER_NONE, 0, false},
    {"0b2", NUMBER_NONE, 0, false},
    {"0xg", NUMBER_NONE, 0, false},
    {"1e", NUMBER_NONE, 0, false},
    {"1e+", NUMBER_NONE, 0, false},
    {"1f32", NUMBER_NONE, 0, false},
    {"nan", NUMBER_NONE, 0, false},
    {"inf", NUMBER_NONE, 0, false},
    {"0x1p3", NUMBER_NONE, 0, false},
};

START_TEST(reads_literals)
{
    struct number number = {0, false};
    enum number_result result =
        number_literal(span_of(literals[_i].text), &number);
    ck_assert_msg(result == literals[_i].result, "'%s': %d", literals[_i].text,
                  (int)result);
    if (result == NUMBER_OK) {
        ck_assert_msg(number.value == literals[_i].value &&
                          number.is_integer == literals[_i].is_integer,
                      "'%s': %.17g", literals[_i].text, number.value);
    }
}
END_TEST

/* Number(text) in JavaScript; NaN stands for 'no number'. */
static const struct {
    const char *text;
    double value;
} js_numbers[] = {
    {"+5", 5},
    {"-0", 0},
    {"5.", 5},
    {"0x10", 16},
    {"0X10", 16},
    {"0o17", 15},
    {"0b11", 3},
    {"-0x10", (double)NAN},
    {"1e999", (double)INFINITY},
    {"-Infinity", -(double)INFINITY},
    {"infinity", (double)NAN},
    {"1_000", (double)NAN},
    {"5f64", (double)NAN},
    {"--1", (double)NAN},
    {"0o8", (double)NAN},
    {"", (double)NAN},
    {"12.5%", (double)NAN},
    {".", (double)NAN},
};

START_TEST(reads_numbers_as_javascript)
{
    double value = 0;
    bool is_number = number_js(span_of(js_numbers[_i].text), &value);
    ck_assert_msg(is_number == !isnan(js_numbers[_i].value), "'%s'",
                  js_numbers[_i].text);
    ck_assert(!is_number || value == js_numbers[_i].value);
}
END_TEST

static const struct {
    double value;
    const char *text;
} js_texts[] = {
    {0, "0"},
    {-0.0, "0"},
    {3, "3"},
    {-2.5, "-2.5"},
    {44100.5, "44100.5"},
    {0.1, "0.1"},
    {1.0 / 3, "0.3333333333333333"},
    {1e21, "1e+21"},
    {123456789012345680000.0, "123456789012345680000"},
    {1e-6, "0.000001"},
    {1.5e-7, "1.5e-7"},
    {5e-324, "5e-324"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {9007199254740993.0, "9007199254740992"},
};

START_TEST(writes_numbers_as_javascript)
{
    ck_assert_str_eq(number_text(js_texts[_i].value, &arena),
                     js_texts[_i].text);
}
END_TEST

START_TEST(wraps_as_a_32_bit_store)
{
    static const struct {
        double value;
        uint32_t bits;
    } rows[] = {
        {3.99, 3},
        {-3.99, 0xfffffffdU},
        {4294967295.0, 0xffffffffU},
        {4294967296.0, 0},
        {-2147483649.0, 0x7fffffff},
        {1e20, 1661992960},
        {1e300, 0},
        {(double)INFINITY, 0},
        {(double)NAN, 0},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        ck_assert_msg(number_wrap(rows[i].value) == rows[i].bits, "%g",
                      rows[i].value);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project number");
    TCase *tcase = tcase_create("number");
    tcase_set_timeout(tcase, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, reads_literals, 0,
                        sizeof(literals) / sizeof(literals[0]));
    tcase_add_loop_test(tcase, reads_numbers_as_javascript, 0,
                        sizeof(js_numbers) / sizeof(js_numbers[0]));
    tcase_add_loop_test(tcase, writes_numbers_as_javascript, 0,
                        sizeof(js_texts) / sizeof(js_texts[0]));
    tcase_add_test(tcase, wraps_as_a_32_bit_store);
    suite_add_tcase(suite, tcase);
    return suite;
}
