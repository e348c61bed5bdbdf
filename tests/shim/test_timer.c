/* SPDX-License-Identifier: MIT */
/*
 * Patches that run on a timer: their pace, what a late tick does, and the same
 * ticks offline.
 */
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "suite.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 7 }; /* of the fake */

static struct program_result run(const char *arguments)
{
    struct program_result result =
        program_run(getenv("FAKE_TIMER"), NULL, arguments);
    ck_assert_msg(result.status == 0, "%s: %s", arguments, result.err);
    return result;
}

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

START_TEST(ticks_at_its_pace)
{
    double start = now();
    struct program_result result =
        run("--blocks 60 --stats-json - --dump-memory m");
    double spent = now() - start;
    ck_assert_msg(json_check(result.out) == NULL, "%s", result.out);
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 60);
    ck_assert_double_eq(json_number(result.out, "blocks"), 60.0);
    double late = json_disturbed_ms(result.out) / (double)TICK_MS;
    double wakeups = json_number(result.out, "wakeups");
    ck_assert_msg(wakeups <= 60 && wakeups + late > 45, "%g, %g ticks late",
                  wakeups, late);
    ck_assert_msg(spent >= 60 * TICK_MS / 1e3, "%g s", spent);
    ck_assert_ptr_nonnull(
        strstr(result.err, "timer   main every 7 ms, no audio"));
    /* Nothing about sound cards or real time. */
    ck_assert_msg(strstr(result.err, "memory") == NULL, "%s", result.err);
}
END_TEST

/* One tick of 100 ms: the 13 or so that it covers do not come later. */
START_TEST(does_not_make_up_for_late_ticks)
{
    program_write_file("s", "5b set 24 i32 100000\n6b set 24 i32 0\n", 36);
    double start = now();
    struct program_result result =
        run("--blocks 20 --script s --stats-json - --dump-memory m");
    double spent = now() - start;
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 20);
    ck_assert_double_ge(json_number(result.out, "xruns"), 1.0);
    ck_assert_double_ge(json_number(result.out, "lostMs"), 80.0);
    ck_assert_msg(spent >= (19 * TICK_MS + 100) / 1e3, "%g s", spent);
    result = program_run(getenv("FAKE_TIMER"), NULL,
                         "--script s --max-xruns 0 --blocks 9");
    ck_assert_int_eq(result.status, 0);
    program_write_file("s", "5b set 24 i32 30000\n", 20);
    result = program_run(getenv("FAKE_TIMER"), NULL,
                         "--script s --max-xruns 3 --blocks 99");
    ck_assert_int_eq(result.status, 7);
}
END_TEST

START_TEST(ends_by_a_signal)
{
    pid_t pid = program_start(getenv("FAKE_TIMER"), NULL,
                              "--dump-memory m --stats-json -");
    program_wait_for("no audio");
    (void)kill(pid, SIGTERM);
    struct program_result result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    ck_assert_double_eq(json_number(result.out, "blocks"),
                        (double)program_dumped("m", FAKE_BLOCKS));
}
END_TEST

START_TEST(ticks_offline)
{
    struct program_result result =
        run("--render none --blocks 100000 --dump-memory m");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 100000);
    ck_assert_str_eq(result.err, "");
    ck_assert(!program_has_file("none"));
    /* 142.86 a second, though the rate is 143. */
    result = run("--render none --seconds 70 --dump-memory m --stats");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10000);
    ck_assert_msg(strstr(result.err, "10000 ticks in") != NULL, "%s",
                  result.err);
}
END_TEST

START_TEST(knows_seconds_of_its_ticks)
{
    /* 70 s are 10000 ticks of 7 ms. */
    program_write_file("s", "70s set 0 i32 5\n", 16);
    (void)run("--render none --blocks 10000 --script s --dump-memory m");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10000);
    (void)run("--render none --blocks 10001 --script s --dump-memory m");
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 6);
}
END_TEST

START_TEST(renders_nothing_on_request)
{
    struct program_result result =
        program_run(NULL, NULL, "--render none --blocks 10 --dump-memory m");
    ck_assert_int_eq(result.status, 0);
    ck_assert_int_eq(program_dumped("m", FAKE_BLOCKS), 10);
    ck_assert(!program_has_file("none"));
}
END_TEST

START_TEST(says_what_it_is)
{
    struct program_result result = run("--info");
    ck_assert_ptr_nonnull(strstr(result.out, "timer    main every 7 ms"));
    ck_assert_ptr_null(strstr(result.out, "Hz"));
    result = run("--info --json");
    ck_assert_double_eq(json_number(result.out, "tickMs"), 7.0);
    result = run("--help");
    ck_assert_ptr_nonnull(strstr(result.out, "main every 7 ms, no audio"));
    result =
        program_run(getenv("FAKE_TIMER"), NULL, "--record r.wav --blocks 1");
    ck_assert_int_eq(result.status, 2);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("timer");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_set_timeout(tcase, 20);
    tcase_add_test(tcase, ticks_at_its_pace);
    tcase_add_test(tcase, does_not_make_up_for_late_ticks);
    tcase_add_test(tcase, ends_by_a_signal);
    tcase_add_test(tcase, ticks_offline);
    tcase_add_test(tcase, knows_seconds_of_its_ticks);
    tcase_add_test(tcase, renders_nothing_on_request);
    tcase_add_test(tcase, says_what_it_is);
    suite_add_tcase(suite, tcase);
    return suite;
}
