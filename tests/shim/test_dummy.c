/* SPDX-License-Identifier: MIT */
/*
 * The backend without a device: its time is the clock's.
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

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static struct program_result run(const char *arguments)
{
    char line[256];
    (void)snprintf(line, sizeof(line), "--dummy --stats-json - %s", arguments);
    struct program_result result = program_run(NULL, NULL, line);
    ck_assert_msg(result.status == 0, "%s: %s", arguments, result.err);
    const char *at = json_check(result.out);
    ck_assert_msg(at == NULL, "not JSON at: %s", at);
    return result;
}

START_TEST(a_hundred_blocks_take_their_time)
{
    double start = now();
    struct program_result result = run("--blocks 100");
    double spent = now() - start;
    /* 266.7 ms; a busy machine may need more, none less. */
    ck_assert_msg(spent > 0.26, "%g s", spent);
    ck_assert_double_eq(json_number(result.out, "blocks"), 100.0);
    ck_assert_double_eq(json_number(result.out, "frames"), 12800.0);
}
END_TEST

static const struct {
    const char *line;
    double wakeups;   /* for 300 blocks: the periods that are waited for */
    double period_ms; /* between two of them */
} sizes[] = {
    {"--period 128 --periods 8", 300, 128 / 48.0},
    {"--period 512 --periods 4", 75, 512 / 48.0},
    {"--period 96 --periods 12", 300, 128 / 48.0},
    {"--period 1024 --periods 2", 38, 1024 / 48.0},
};

START_TEST(wakes_for_whole_periods)
{
    char line[128];
    (void)snprintf(line, sizeof(line), "--blocks 300 %s", sizes[_i].line);
    struct program_result result = run(line);
    double wakeups = json_number(result.out, "wakeups");
    double late_ms = json_disturbed_ms(result.out);
    /* The buffer is filled at first without. Who wakes late, or stays away for
     * another reason, does not wait for what has passed meanwhile. */
    ck_assert_msg(wakeups <= sizes[_i].wakeups + 1 &&
                      wakeups + late_ms / sizes[_i].period_ms >
                          sizes[_i].wakeups * 3 / 4,
                  "%s: %g, %g ms late", sizes[_i].line, wakeups, late_ms);
    ck_assert_msg(json_number(result.out, "spuriousWakeups") <= 1.0, "%s",
                  sizes[_i].line);
    ck_assert_double_ge(json_number(result.out, "seconds"), 0.79);
}
END_TEST

START_TEST(refuses_a_buffer_without_slack)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1 --period 64 --periods 2");
    ck_assert_int_eq(result.status, 4);
    ck_assert_msg(strstr(result.err, "2 periods of 64 frames leave no time") !=
                      NULL,
                  "%s", result.err);
}
END_TEST

/* Block 20 takes 100 ms; the buffer lasts 11. */
static void write_slow_script(void)
{
    static const char script[] = "20b set 24 i32 100000\n21b set 24 i32 0\n";
    program_write_file("slow", script, sizeof(script) - 1);
}

START_TEST(counts_an_xrun_and_keeps_the_time)
{
    size_t bytes;
    size_t other_bytes;
    write_slow_script();
    struct program_result result =
        run("--blocks 60 --script slow --record p.wav");
    ck_assert_double_ge(json_number(result.out, "xruns"), 1.0);
    ck_assert_double_gt(json_number(result.out, "lostMs"), 50.0);
    ck_assert_double_eq(json_number(result.out, "blocks"), 60.0);
    ck_assert_msg(strstr(result.err, "xrun") != NULL, "%s", result.err);
    result = program_run(NULL, NULL, "--render r.wav --blocks 60");
    ck_assert_int_eq(result.status, 0);
    unsigned char *played = program_read_file("p.wav", &bytes);
    unsigned char *rendered = program_read_file("r.wav", &other_bytes);
    ck_assert_uint_eq(bytes, other_bytes);
    ck_assert_int_eq(memcmp(played, rendered, bytes), 0);
    free(played);
    free(rendered);
}
END_TEST

START_TEST(skips_what_an_xrun_lost)
{
    write_slow_script();
    struct program_result result =
        run("--blocks 60 --script slow --xrun skip --record p.wav");
    size_t bytes;
    free(program_read_file("p.wav", &bytes));
    ck_assert_double_ge(json_number(result.out, "xruns"), 1.0);
    /* Some 90 ms of blocks were computed and not heard. */
    ck_assert_double_gt(json_number(result.out, "count"), 80.0);
    ck_assert_uint_eq(bytes, 58 + 60 * 128 * 8);
}
END_TEST

START_TEST(ends_after_too_many_xruns)
{
    static const char script[] = "20b set 24 i32 50000\n";
    program_write_file("slow", script, sizeof(script) - 1);
    struct program_result result = program_run(
        NULL, NULL, "--dummy --seconds 60 --script slow --max-xruns 2");
    ck_assert_msg(result.status == 7, "%d: %s", result.status, result.err);
    ck_assert_msg(strstr(result.err, "more than 2 xruns") != NULL, "%s",
                  result.err);
}
END_TEST

START_TEST(a_signal_ends_a_long_wait)
{
    enum { FILLED = 32 * 65536 / FAKE_BLOCK_FRAMES };
    pid_t pid = program_start(NULL, NULL,
                              PROGRAM_ASKED "--dummy --period 65536 --periods "
                                            "32 --rt-prio 0 --stats-json -");
    program_wait_for("policy");
    program_play_on(FILLED - program_word(FAKE_BLOCKS));
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    /* Woken before the period of 1.4 s was over, where it slept already; the 32
     * were not played. */
    ck_assert_double_le(json_number(result.out, "spuriousWakeups"), 1.0);
    ck_assert_double_lt(json_number(result.out, "seconds"), 32 * 65536 / 48e3);
}
END_TEST

START_TEST(waits_for_its_start)
{
    double start = now();
    struct program_result result = run("--blocks 1 --start-at +0.3s");
    ck_assert_double_ge(now() - start, 0.3);
    ck_assert_msg(strstr(result.err, ": start   at 2") != NULL, "%s",
                  result.err);
    pid_t pid = program_start(NULL, NULL,
                              "--dummy --start-at +1h --stats-json - --fade 9");
    program_wait_for(": policy");
    ck_assert_int_eq(kill(pid, SIGTERM), 0);
    result = program_wait(pid);
    ck_assert_int_eq(result.status, 0);
    ck_assert_double_eq(json_number(result.out, "blocks"), 0.0);
}
END_TEST

START_TEST(tells_what_it_set_up)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --blocks 1 --denormals ieee");
    ck_assert_int_eq(result.status, 0);
    static const char *const words[] = {
        "device  none", "buffer  512 frames (10.7 ms), periods of 128",
        ": thread ", ": memory ", "denormals as IEEE 754, xruns keep"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        ck_assert_msg(strstr(result.err, words[i]) != NULL, "no '%s' in %s",
                      words[i], result.err);
    }
    result = program_run(NULL, NULL, "--dummy --blocks 1 --quiet");
    ck_assert_str_eq(result.err, "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("dummy");
    TCase *tcase = tcase_create("all");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, a_hundred_blocks_take_their_time);
    tcase_add_loop_test(tcase, wakes_for_whole_periods, 0,
                        sizeof(sizes) / sizeof(*sizes));
    tcase_add_test(tcase, refuses_a_buffer_without_slack);
    tcase_add_test(tcase, counts_an_xrun_and_keeps_the_time);
    tcase_add_test(tcase, skips_what_an_xrun_lost);
    tcase_add_test(tcase, ends_after_too_many_xruns);
    tcase_add_test(tcase, a_signal_ends_a_long_wait);
    tcase_add_test(tcase, waits_for_its_start);
    tcase_add_test(tcase, tells_what_it_set_up);
    suite_add_tcase(suite, tcase);
    return suite;
}
