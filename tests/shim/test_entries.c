/* SPDX-License-Identifier: MIT */
/*
 * --run-entry: functions that are called once.
 */
#include "fake_patch.h"
#include "program.h"
#include "suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

START_TEST(calls_and_ends)
{
    struct program_result result = program_check(
        "--run-entry note --run-entry level --dump-memory m", 0, "");
    ck_assert_str_eq(result.err, "");
    ck_assert_uint_eq((uint32_t)program_dumped("m", FAKE_LAST_NOTE), 0);
    /* Missing floats are NaN. */
    ck_assert_uint_eq((uint32_t)program_dumped("m", FAKE_FLOAT_ARG) &
                          0x7fffffffU,
                      0x7fc00000);
    ck_assert_uint_eq((uint32_t)program_dumped("m", FAKE_BLOCKS), 0);
}
END_TEST

START_TEST(comes_before_the_first_block)
{
    static const struct {
        const char *line;
        unsigned blocks;
    } rows[] = {{"--render /dev/null --blocks 3", 3},
                {"--dummy --blocks 2", 2},
                {"--dummy --control /dev/null --blocks 4", 4},
                {"--render none --blocks 0", 0}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        char line[128];
        (void)snprintf(line, sizeof(line),
                       "--run-entry level --dump-memory m -q %s", rows[i].line);
        program_check(line, 0, "");
        ck_assert_msg((uint32_t)program_dumped("m", FAKE_BLOCKS) ==
                          rows[i].blocks,
                      "%s", line);
        ck_assert_uint_ne((uint32_t)program_dumped("m", FAKE_FLOAT_ARG), 0);
    }
}
END_TEST

START_TEST(ends_at_a_trap)
{
    program_check("--run-entry level --run-entry fail --run-entry note "
                  "--dump-memory m --save-state s",
                  6,
                  "trap: memory access out of bounds in function 9 called by "
                  "--run-entry");
    ck_assert_uint_ne((uint32_t)program_dumped("m", FAKE_FLOAT_ARG), 0);
    ck_assert(!program_has_file("s"));
    /* --on-trap is about blocks. */
    program_check("--run-entry fail --on-trap reset --render none --blocks 9",
                  6, "trap");
}
END_TEST

START_TEST(works_on_a_state)
{
    program_check("--render none --blocks 4 --save-state s", 0, "");
    program_check("--run-entry level --state s --dump-memory m", 0, "");
    ck_assert_uint_eq((uint32_t)program_dumped("m", FAKE_BLOCKS), 4);
    program_check("--render none --blocks 0 --load-state s --dump-memory m", 0,
                  "");
    ck_assert_uint_eq((uint32_t)program_dumped("m", FAKE_BLOCKS), 4);
    ck_assert_uint_ne((uint32_t)program_dumped("m", FAKE_FLOAT_ARG), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("entries");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, calls_and_ends);
    tcase_add_test(tcase, comes_before_the_first_block);
    tcase_add_test(tcase, ends_at_a_trap);
    tcase_add_test(tcase, works_on_a_state);
    suite_add_tcase(suite, tcase);
    return suite;
}
