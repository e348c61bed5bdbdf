/* SPDX-License-Identifier: MIT */
#include "script.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "fake_patch.h"
#include "program.h"
#include "suite.h"

static bool load(const char *text, struct script *script,
                 struct failure *failure)
{
    *failure = (struct failure){0};
    program_write_file("s", text, strlen(text));
    return script_load(script, "s", &f4e_patch, failure);
}

START_TEST(orders_events_by_block_then_line)
{
    struct script script;
    struct failure failure;
    ck_assert_msg(load("# a comment\n\n"
                       "3b set 0 i8 1 # at the end\n"
                       "  1b set 1 i8 2\r\n"
                       "400f set 2 i8 3\n"    /* block 3 */
                       "0.0053s set 3 i8 4\n" /* frame 254, block 1 */
                       "0f set 4 i8 5",
                       &script, &failure),
                  "%s", failure.text);
    const uint64_t blocks[] = {0, 1, 1, 3, 3};
    const uint32_t addresses[] = {4, 1, 3, 0, 2};
    ck_assert_uint_eq(script.count, 5);
    for (size_t i = 0; i < 5; ++i) {
        ck_assert_uint_eq(script.events[i].block, blocks[i]);
        ck_assert_uint_eq(script.events[i].address, addresses[i]);
    }
    script_free(&script);
}
END_TEST

static const struct {
    const char *line;
    size_t size;
    unsigned char bytes[16];
} values[] = {
    {"i8 -1 255 0x7f", 3, {0xff, 0xff, 0x7f}},
    {"i16 -2 0xFFFF", 4, {0xfe, 0xff, 0xff, 0xff}},
    {"i32 4294967295 -2147483648", 8, {255, 255, 255, 255, 0, 0, 0, 0x80}},
    {"i32 010", 4, {10}},
    {"f32 1 -0.5", 8, {0, 0, 0x80, 0x3f, 0, 0, 0, 0xbf}},
    {"f32 0x1.8p1 inf", 8, {0, 0, 0x40, 0x40, 0, 0, 0x80, 0x7f}},
    {"f64 1", 8, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}},
    /* Rounded once, not through a double. */
    {"f32 1.00000005960464478", 4, {1, 0, 0x80, 0x3f}},
};

START_TEST(encodes_values)
{
    struct script script;
    struct failure failure;
    char line[128];
    (void)snprintf(line, sizeof line, "0b set 0x100 %s\n", values[_i].line);
    ck_assert_msg(load(line, &script, &failure), "%s", failure.text);
    ck_assert_uint_eq(script.events[0].address, 256);
    ck_assert_msg(script.events[0].size == values[_i].size &&
                      memcmp(script.events[0].bytes, values[_i].bytes,
                             values[_i].size) == 0,
                  "%s", values[_i].line);
    script_free(&script);
}
END_TEST

START_TEST(fills_arguments_as_javascript_does)
{
    struct script script;
    struct failure failure;
    ck_assert(load("0b call note 0x90 60 100 7\n0b call note 1\n"
                   "0b call level\n",
                   &script, &failure));
    ck_assert(script.events[0].args[0] == 144.0);
    ck_assert(script.events[0].args[2] == 100.0);
    ck_assert(script.events[1].args[0] == 1.0);
    ck_assert(script.events[1].args[1] == 0.0);
    ck_assert(isnan(script.events[2].args[0]));
    ck_assert_str_eq(script.events[2].function->name, "level");
    script_free(&script);
}
END_TEST

static const struct {
    const char *text;
    const char *message;
} bad[] = {
    {"0b\n", "s:1: expected set or call"},
    {"\n0b poke 1\n", "s:2: expected set or call after the time, not 'poke'"},
    {"b set 0 i8 1\n", "s:1: time 'b'"},
    {"-1b set 0 i8 1\n", "s:1: time '-1b'"},
    {"1.5b set 0 i8 1\n", "s:1: time '1.5b'"},
    {"1 set 0 i8 1\n", "s:1: time '1'"},
    {"nans set 0 i8 1\n", "s:1: time 'nans'"},
    {"-1s set 0 i8 1\n", "s:1: time '-1s'"},
    {"0b set\n", "s:1: set needs a byte address"},
    {"0b set x i8 1\n", "s:1: set needs a byte address, not 'x'"},
    {"0b set 65536 i8 1\n", "s:1: address 65536 lies outside memory"},
    {"0b set 65535 i16 1\n", "s:1: value '1' lies outside memory"},
    {"0b set 65528 i32 1 2 3\n", "s:1: value '3' lies outside memory"},
    {"0b set 0 u8 1\n", "s:1: type 'u8'"},
    {"0b set 0\n", "s:1: type ''"},
    {"0b set 0 i8\n", "s:1: set needs a value"},
    {"0b set 0 i8 256\n", "s:1: value '256'"},
    {"0b set 0 i8 -129\n", "s:1: value '-129'"},
    {"0b set 0 i32 4294967296\n", "s:1: value '4294967296'"},
    {"0b set 0 i32 1.5\n", "s:1: value '1.5'"},
    {"0b set 0 f32 1.5x\n", "s:1: value '1.5x' is not a number"},
    {"0b call\n", "s:1: the patch exports no function ''"},
    {"0b call nothing\n", "s:1: the patch exports no function 'nothing'"},
    {"0b call note one\n", "s:1: argument 'one' is not a number"},
};

START_TEST(names_the_line_that_is_wrong)
{
    struct script script;
    struct failure failure;
    ck_assert_msg(!load(bad[_i].text, &script, &failure), "%s", bad[_i].text);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_msg(
        strncmp(failure.text, bad[_i].message, strlen(bad[_i].message)) == 0,
        "%s: '%s'", bad[_i].text, failure.text);
    ck_assert_ptr_null(script.events);
}
END_TEST

START_TEST(reports_a_missing_file)
{
    struct script script;
    struct failure failure = {0};
    ck_assert(!script_load(&script, "missing", &f4e_patch, &failure));
    ck_assert_int_eq(failure.status, STATUS_FILE);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("script");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, orders_events_by_block_then_line);
    tcase_add_loop_test(tcase, encodes_values, 0,
                        sizeof values / sizeof *values);
    tcase_add_test(tcase, fills_arguments_as_javascript_does);
    tcase_add_loop_test(tcase, names_the_line_that_is_wrong, 0,
                        sizeof bad / sizeof *bad);
    tcase_add_test(tcase, reports_a_missing_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
