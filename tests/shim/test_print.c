/* SPDX-License-Identifier: MIT */
#include "common/print.h"

#include "suite.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    const char *json;
} strings[] = {
    {"", "\"\""},
    {"a\"b\\c", "\"a\\\"b\\\\c\""},
    {"\n\t\x01\x7f", "\"\\u000a\\u0009\\u0001\\u007f\""},
    {"\xc3\xa9", "\"\\u00e9\""},
    {"\xe2\x82\xac", "\"\\u20ac\""},
    {"\xf0\x9d\x84\x9e", "\"\\ud834\\udd1e\""},
    {"\xff"
     "a",
     "\"\\ufffda\""},
    {"\xc3", "\"\\ufffd\""},
    {"\xc0\x80", "\"\\ufffd\\ufffd\""},
    {"\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\""},
};

START_TEST(escapes_json_strings)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    print_json_string(strings[_i].text, file);
    (void)fclose(file);
    ck_assert_str_eq(text, strings[_i].json);
    free(text);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("print");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, escapes_json_strings, 0,
                        sizeof(strings) / sizeof(*strings));
    suite_add_tcase(suite, tcase);
    return suite;
}
