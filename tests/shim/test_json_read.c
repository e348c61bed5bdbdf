/* SPDX-License-Identifier: MIT */
#include "config/json_read.h"

#include "suite.h"

#include <stdio.h>
#include <string.h>

static const char *const good[] = {
    "0",
    "-0",
    "1.5e-3",
    "1E+9",
    "\"\"",
    "true",
    "false",
    "null",
    "[]",
    "{}",
    " [ 1 , [ ] , { } ] ",
    "{\"a\": {\"b\": [1, 2, {\"c\": null}]}, \"d\": 1}",
    "\"\\u00e4\\ud83c\\udfb5\xc3\xa4\xf0\x9f\x8e\xb5\"",
    "[[[[1],2],3],4]",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
};

START_TEST(takes_all_of_json)
{
    struct json_read read;
    struct json_span span;
    json_read_init(&read, good[_i], strlen(good[_i]));
    ck_assert_msg(json_read_skip(&read, &span) && json_read_end(&read),
                  "%s: %s", good[_i], read.error);
    ck_assert_uint_eq(read.depth, 0);
    ck_assert_uint_eq(span.length,
                      strlen(good[_i]) - (good[_i][0] == ' ' ? 2 : 0));
}
END_TEST

static const struct {
    const char *text;
    const char *error;
    unsigned line, column;
} bad[] = {
    {"", "a value is missing", 1, 1},
    {" \n ", "a value is missing", 2, 2},
    {"x", "a value is missing", 1, 1},
    {"{", "expected a name in quotes", 1, 2},
    {"{\"a\"}", "expected ':'", 1, 5},
    {"{\"a\":}", "a value is missing", 1, 6},
    {"{\"a\":1,}", "expected a name in quotes", 1, 8},
    {"{\"a\":1 \"b\":2}", "expected ',' or '}'", 1, 8},
    {"{a:1}", "expected a name in quotes", 1, 2},
    {"[1,]", "a value is missing", 1, 4},
    {"[,1]", "a value is missing", 1, 2},
    {"[1 2]", "expected ',' or ']'", 1, 4},
    {"[1\n,\n\"\xc3\xa4\", }", "a value is missing", 3, 6},
    {"[1}", "expected ',' or ']'", 1, 3},
    {"1 2", "something follows the end", 1, 3},
    {"01", "not a number of JSON", 1, 1},
    {"-", "not a number of JSON", 1, 1},
    {"1.", "not a number of JSON", 1, 1},
    {"1e", "not a number of JSON", 1, 1},
    {".5", "a value is missing", 1, 1},
    {"+5", "a value is missing", 1, 1},
    {"nul", "expected true, false or null", 1, 1},
    {"truth", "expected true, false or null", 1, 1},
    {"NaN", "a value is missing", 1, 1},
    {"\"a", "a string without an end", 1, 1},
    {"\"a\\", "an escape that JSON does not have", 1, 4},
    {"\"\\x\"", "an escape that JSON does not have", 1, 3},
    {"\"\\u12g4\"", "expected four hexadecimal digits", 1, 6},
    {"\"\\ud800\"", "half a character", 1, 4},
    {"\"\\ud800\\u0041\"", "half a character", 1, 4},
    {"\"\\udc00\"", "half a character", 1, 4},
    {"\"\\u0000\"", "a character 0", 1, 4},
    {"\"\n\"", "a control character in a string", 1, 2},
    {"\"\xff\"", "bytes that are not UTF-8", 1, 2},
    {"\"\xc0\x80\"", "bytes that are not UTF-8", 1, 2},
    {"\"\xed\xa0\x80\"", "bytes that are not UTF-8", 1, 2},
    {"\"\xf4\x90\x80\x80\"", "bytes that are not UTF-8", 1, 2},
    {"\"\xc3", "bytes that are not UTF-8", 1, 2},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
     "more than 32 lists and objects inside each other", 1, 33},
    {"\xef\xbb\xbf", "a value is missing", 1, 1},
    {"\xef\xbb\xbf\xef\xbb\xbf{}", "a value is missing", 1, 1},
    {"\xef\xbb\xbf{a:1}", "expected a name in quotes", 1, 2},
    {"\xef\xbb{}", "a value is missing", 1, 1},
};

START_TEST(says_what_is_wrong_and_where)
{
    struct json_read read;
    struct json_span span;
    unsigned line;
    unsigned column;
    json_read_init(&read, bad[_i].text, strlen(bad[_i].text));
    ck_assert_msg(!(json_read_skip(&read, &span) && json_read_end(&read)), "%s",
                  bad[_i].text);
    ck_assert_str_eq(read.error, bad[_i].error);
    json_read_locate(&read, &line, &column);
    ck_assert_msg(line == bad[_i].line && column == bad[_i].column, "%s: %u:%u",
                  bad[_i].text, line, column);
    /* It stays, and ends every loop. */
    ck_assert(!json_read_key(&read, NULL, 0) && !json_read_item(&read) &&
              !json_read_object(&read) && !json_read_end(&read));
    ck_assert_str_eq(read.error, bad[_i].error);
}
END_TEST

/* Whatever a text is cut off at, nothing behind it is looked at. */
/* Editors of some systems write it; scripts and requests may begin so too. */
START_TEST(passes_over_a_mark_at_the_start)
{
    static const char text[] = "\xef\xbb\xbf{\"a\": 1}";
    struct json_read read;
    struct json_span span;
    json_read_init(&read, text, sizeof(text) - 1);
    ck_assert(json_read_skip(&read, &span) && json_read_end(&read));
    ck_assert_uint_eq(span.length, strlen("{\"a\": 1}"));
}
END_TEST

START_TEST(stops_at_the_end_of_the_text)
{
    struct json_read read;
    struct json_span span;
    for (size_t size = 0; size < strlen(good[_i]); size++) {
        char copy[128];
        memcpy(copy, good[_i], size);
        memset(copy + size, '7', sizeof(copy) - size);
        json_read_init(&read, copy, size);
        (void)(json_read_skip(&read, &span) && json_read_end(&read));
        ck_assert_uint_le(read.at, size);
    }
}
END_TEST

START_TEST(reads_members_one_by_one)
{
    static const char text[] =
        "{\"n\\u00e4\": 1.5, \"list\": [true, \"x\"], \"rest\": {\"a\": 1}}";
    struct json_read read;
    struct json_span span;
    char key[16];
    bool flag = false;
    json_read_init(&read, text, sizeof(text) - 1);
    ck_assert(json_read_object(&read));
    ck_assert(json_read_key(&read, key, sizeof(key)));
    ck_assert_str_eq(key, "n\xc3\xa4");
    ck_assert(json_read_number(&read, &span));
    ck_assert_mem_eq(span.start, "1.5", 3);
    ck_assert(json_read_key(&read, key, sizeof(key)));
    ck_assert(json_read_array(&read) && json_read_item(&read));
    ck_assert(json_read_bool(&read, &flag) && flag);
    ck_assert(json_read_item(&read));
    ck_assert(json_read_string(&read, key, sizeof(key)));
    ck_assert_str_eq(key, "x");
    ck_assert(!json_read_item(&read));
    ck_assert(json_read_key(&read, key, sizeof(key)));
    ck_assert(json_read_skip(&read, &span));
    ck_assert_mem_eq(span.start, "{\"a\": 1}", span.length);
    ck_assert(!json_read_key(&read, key, sizeof(key)));
    ck_assert(json_read_end(&read));
}
END_TEST

START_TEST(refuses_a_string_without_room)
{
    struct json_read read;
    char text[4];
    json_read_init(&read, "[\"abc\", \"abcd\"]", 15);
    ck_assert(json_read_array(&read) && json_read_item(&read));
    ck_assert(json_read_string(&read, text, sizeof(text)));
    ck_assert(json_read_item(&read));
    ck_assert(!json_read_string(&read, text, sizeof(text)));
    ck_assert_str_eq(read.error, "a string that is too long");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("json_read");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, takes_all_of_json, 0,
                        sizeof(good) / sizeof(*good));
    tcase_add_loop_test(tcase, says_what_is_wrong_and_where, 0,
                        sizeof(bad) / sizeof(*bad));
    tcase_add_loop_test(tcase, stops_at_the_end_of_the_text, 0,
                        sizeof(good) / sizeof(*good));
    tcase_add_test(tcase, passes_over_a_mark_at_the_start);
    tcase_add_test(tcase, reads_members_one_by_one);
    tcase_add_test(tcase, refuses_a_string_without_room);
    suite_add_tcase(suite, tcase);
    return suite;
}
