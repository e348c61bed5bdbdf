/* SPDX-License-Identifier: MIT */
#include "project/parse/span.h"

#include "project/parse/argument.h"
#include "project_bench.h"
#include "suite.h"

START_TEST(orders_names_by_utf16_units)
{
    static const char *const sorted[] = {
        "",
        "A",
        "Z",
        "_",
        "a",
        "a.",
        "aa",
        "b10",
        "b2",
        "\xc3\xa9",
        "\xe2\x82\xac",
        "\xed\x9f\xbf",
        "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf",
        "\xee\x80\x80",
        "\xef\xbf\xbd",
    };
    size_t count = sizeof(sorted) / sizeof(sorted[0]);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < count; k++) {
            int order =
                span_compare_utf16(span_of(sorted[i]), span_of(sorted[k]));
            ck_assert_msg((order < 0) == (i < k) && (order > 0) == (i > k),
                          "%zu %zu: %d", i, k, order);
        }
    }
}
END_TEST

/* As a browser decodes: U+FFFD for the longest start of a character. */
START_TEST(decodes_what_is_not_utf8)
{
#define U "\xef\xbf\xbd"
    static const struct {
        const char *bytes;
        const char *text;
    } rows[] = {
        {"abc", "abc"},
        {"\xc3\xa9", "\xc3\xa9"},
        {"\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
        {"a\xff"
         "b",
         "a" U "b"},
        {"ab\xc3", "ab" U},
        {"caf\xe9 x", "caf" U " x"},
        {"\xe9\xe9", U U},
        {"\xe2\x80"
         "x",
         U "x"},
        {"\xf0\x9f\x98"
         "x",
         U "x"},
        {"\xf0\x9f\x98", U},
        {"\xc0\x80", U U},
        {"\xe0\x9f\xbf", U U U},
        {"\xed\xa0\x80", U U U},
        {"\xf0\x8f\xbf\xbf", U U U U},
        {"\xf4\x90\x80\x80", U U U U},
        {"\x80", U},
        {"\xf5\x80\x80\x80", U U U U},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct span text = span_decode(span_of(rows[i].bytes), &arena);
        ck_assert_msg(span_equals(text, rows[i].text), "row %zu", i);
    }
}
END_TEST

START_TEST(trims_every_blank_of_javascript)
{
    static const char *const blanks[] = {
        " ",
        "\t",
        "\v",
        "\f",
        "\r",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
        "\xef\xbb\xbf",
    };
    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        struct span text = span_of(
            arena_format(&arena, "%s%sx%s", blanks[i], blanks[i], blanks[i]));
        ck_assert_msg(span_equals(span_trim(text), "x"), "blank %zu", i);
    }
    ck_assert_uint_eq(span_blank(span_of("\xe2\x80\x8b")), 0);
    ck_assert_uint_eq(span_blank(span_of("\xc2\x85")), 0);
}
END_TEST

START_TEST(strings_are_low_bytes_of_utf16)
{
    static const struct {
        const char *token;
        size_t length; /* SIZE_MAX: refused */
        uint8_t bytes[4];
    } rows[] = {
        {"\"\"", 0, {0}},
        {"\"A\"", 1, {'A'}},
        {"\"\\x41\\n\\\\\\\"\"", 4, {'A', '\n', '\\', '"'}},
        {"\"\\t\\r\"", 2, {'\t', '\r'}},
        {"\"\xc3\xa9\"", 1, {0xe9}},
        {"\"\xe2\x82\xac\"", 1, {0xac}},
        {"\"\xf0\x9f\x98\x80\"", 2, {0x3d, 0x00}},
        {"\"abcdef\"", 6, {'a', 'b', 'c', 'd'}},
        {"\"\\q\"", SIZE_MAX, {0}},
        {"\"\\x4\"", SIZE_MAX, {0}},
        {"\"\\x4g\"", SIZE_MAX, {0}},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint8_t bytes[4] = {0};
        size_t length = SIZE_MAX;
        bool is_ok = argument_string(span_of(rows[i].token), bytes, 4, &length);
        ck_assert_msg(is_ok == (rows[i].length != SIZE_MAX), "row %zu", i);
        ck_assert_msg(!is_ok || (length == rows[i].length &&
                                 memcmp(bytes, rows[i].bytes, 4) == 0),
                      "row %zu", i);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("project span");
    TCase *tcase = tcase_create("span");
    tcase_set_timeout(tcase, 30); /* limits are large, machines are busy */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, orders_names_by_utf16_units);
    tcase_add_test(tcase, decodes_what_is_not_utf8);
    tcase_add_test(tcase, trims_every_blank_of_javascript);
    tcase_add_test(tcase, strings_are_low_bytes_of_utf16);
    suite_add_tcase(suite, tcase);
    return suite;
}
