/* SPDX-License-Identifier: MIT */
#include "fake_patch.h"
#include "json_check.h"
#include "program.h"
#include "report/report.h"
#include "report/report_internal.h"
#include "rt/stats.h"
#include "suite.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct stats stats;

static void sleep_ms(long ms)
{
    const struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    (void)nanosleep(&time, NULL);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

START_TEST(bins_are_narrow_and_leave_no_gap)
{
    ck_assert_uint_eq(stats_bin(0), 0);
    ck_assert_uint_eq(stats_bin(255), 0);
    ck_assert_uint_eq(stats_bin(256), 1);
    ck_assert_uint_eq(stats_bin(UINT64_C(1) << 30), STATS_BINS - 1);
    ck_assert_uint_eq(stats_bin((UINT64_C(1) << 30) - 1), STATS_BINS - 2);
    ck_assert_uint_eq(stats_bin(UINT64_MAX), STATS_BINS - 1);
    uint64_t first = 256; /* of the bin */
    ck_assert_uint_eq(report_bin_end(0), first);
    for (unsigned bin = 1; bin < STATS_BINS - 1; bin++) {
        const uint64_t end = report_bin_end(bin);
        ck_assert_msg(first < end && (end - first) * STATS_STEPS <= first,
                      "bin %u: %llu to %llu", bin, (unsigned long long)first,
                      (unsigned long long)end);
        ck_assert_uint_eq(stats_bin(first), bin);
        ck_assert_uint_eq(stats_bin(end - 1), bin);
        ck_assert_uint_eq(stats_bin(end), bin + 1);
        first = end;
    }
    ck_assert_uint_eq(first, UINT64_C(1) << 30);
    ck_assert_uint_eq(report_bin_end(STATS_BINS - 1), UINT64_MAX);
}
END_TEST

START_TEST(percentiles_are_those_of_the_sorted_durations)
{
    enum { COUNT = 20000 };
    static uint64_t sorted[COUNT];
    static const double shares[] = {0.01, 0.5, 0.9, 0.99, 0.999, 1.0};
    uint64_t seed = (uint64_t)_i * 77 + 1;
    for (int i = 0; i < COUNT; i++) {
        seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
        /* Evenly over the octaves: 100 ns to some seconds. */
        double octaves = (double)(seed >> 40) / (1 << 24) * (20.0 + _i);
        sorted[i] = (uint64_t)(100.0 * exp2(octaves));
        stats_time(&stats.block, sorted[i]);
    }
    qsort(sorted, COUNT, sizeof(*sorted), compare);
    for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
        size_t rank = (size_t)ceil(shares[i] * (double)COUNT);
        uint64_t exact = sorted[rank - 1];
        uint64_t found = report_percentile(&stats.block, shares[i]);
        uint64_t most = exact >= UINT64_C(1) << 30 ? sorted[COUNT - 1]
                        : exact < 256              ? 256
                                      : exact + exact / STATS_STEPS + 1;
        ck_assert_msg(found >= exact && found <= most, "%g: %llu, exactly %llu",
                      shares[i], (unsigned long long)found,
                      (unsigned long long)exact);
    }
    ck_assert_uint_eq(stats_get(&stats.block.max_ns), sorted[COUNT - 1]);
    ck_assert_uint_eq(stats_get(&stats.block.count), COUNT);
}
END_TEST

START_TEST(nothing_has_no_percentile)
{
    ck_assert_uint_eq(report_percentile(&stats.late, 0.99), 0);
}
END_TEST

static const struct {
    const char *name;
    float samples[4];
    unsigned clips;
    unsigned non_finite;
    float peak;
} outputs[] = {
    {"silence", {0.0F, -0.0F, 0.0F, 0.0F}, 0, 0, 0.0F},
    {"below", {0.5F, -0.75F, 0.25F, 0.0F}, 0, 0, 0.75F},
    {"full scale", {1.0F, -1.0F, 0.0F, 0.0F}, 0, 0, 1.0F},
    {"above", {1.0000001F, -2.0F, 0.0F, 0.0F}, 2, 0, 2.0F},
    {"wild", {INFINITY, -INFINITY, NAN, 0.125F}, 0, 3, 0.125F},
    {"all", {NAN, 3.0F, 1e-40F, -1e30F}, 2, 1, 1e30F},
};

START_TEST(measures_an_output)
{
    stats_output(&stats, 1, outputs[_i].samples, 4);
    ck_assert_msg(stats_get(&stats.clips) == outputs[_i].clips, "%s",
                  outputs[_i].name);
    ck_assert_msg(stats_get(&stats.non_finite) == outputs[_i].non_finite, "%s",
                  outputs[_i].name);
    ck_assert_double_eq((double)stats_take_peak(&stats, 1),
                        (double)outputs[_i].peak);
    ck_assert_double_eq((double)stats_take_peak(&stats, 1), (double)0.0F);
    ck_assert_double_eq((double)stats_take_peak(&stats, 0), (double)0.0F);
    /* More channels than peaks are kept for. */
    stats_output(&stats, STATS_PEAKS_MAX, outputs[_i].samples, 4);
    ck_assert_uint_eq(stats_get(&stats.clips), 2 * outputs[_i].clips);
}
END_TEST

START_TEST(measures_an_input)
{
    static const float samples[] = {1.0F, -1.0F, 0.999F, 2.0F, -0.5F};
    stats_input(&stats, samples, 5);
    ck_assert_uint_eq(stats_get(&stats.clips_in), 3);
}
END_TEST

START_TEST(keeps_the_highest_peak)
{
    static const float low[] = {0.25F};
    static const float high[] = {-0.5F};
    stats_output(&stats, 0, low, 1);
    stats_output(&stats, 0, high, 1);
    stats_output(&stats, 0, low, 1);
    ck_assert_double_eq((double)stats_take_peak(&stats, 0), (double)0.5F);
}
END_TEST

static void expect_json(const char *text)
{
    const char *at = json_check(text);
    ck_assert_msg(at == NULL, "not JSON at: %s", at);
}

START_TEST(the_json_checker_rejects)
{
    static const char *const bad[] = {
        "",    "{",    "{\"a\"}", "[1,]", "[1 2]",  "{\"a\": 1,}",
        "nul", "[1]]", "\"a",     "[.5]", "{a: 1}", "[inf]"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_msg(json_check(bad[i]) != NULL, "%s", bad[i]);
    }
    expect_json(" {\"a\": [1, -2.5e3, true, {}], \"b\\\"\": \"\"} ");
}
END_TEST

START_TEST(counts_a_render)
{
    struct program_result result = program_run(
        NULL, NULL, "--render x.wav --frames 300 --stats-json s.json --stats");
    size_t bytes;
    ck_assert_msg(result.status == 0, "%s", result.err);
    char *text = (char *)program_read_file("s.json", &bytes);
    expect_json(text);
    ck_assert_ptr_nonnull(strstr(text, "\"backend\": \"render\""));
    ck_assert_double_eq(json_number(text, "blocks"), 3.0);
    ck_assert_double_eq(json_number(text, "frames"), 300.0);
    ck_assert_double_eq(json_number(text, "count"), 3.0);
    ck_assert_double_eq_tol(json_number(text, "budgetUs"), 2666.667, 0.001);
    ck_assert_double_ge(json_number(text, "maxUs"),
                        json_number(text, "meanUs"));
    ck_assert_ptr_nonnull(strstr(result.err, "3 blocks, 0.006 s of sound"));
    free(text);
}
END_TEST

START_TEST(counts_what_a_script_does)
{
    static const char script[] = "1b set 20 f32 2\n2b set 20 f32 nan\n"
                                 "3b set 20 f32 0\n";
    size_t bytes;
    program_write_file("s", script, sizeof(script) - 1);
    struct program_result result = program_run(
        NULL, NULL, "--render x.wav --blocks 4 --script s --stats-json -");
    ck_assert_msg(result.status == 0, "%s", result.err);
    expect_json(result.out);
    /* All 128 of a block: 2 more than -0.5 is above 1. */
    ck_assert_double_eq(json_number(result.out, "clips"), 128.0);
    ck_assert_double_eq(json_number(result.out, "nonFinite"), 128.0);
    free(program_read_file("x.wav", &bytes));
}
END_TEST

START_TEST(a_signal_dumps_while_it_plays)
{
    pid_t pid =
        program_start(NULL, NULL, PROGRAM_ASKED "--dummy --stats-json s.json");
    program_wait_for(": policy ");
    program_play_on(20);
    ck_assert_int_eq(kill(pid, SIGUSR1), 0);
    for (int i = 0; i < 6000 && !program_has_file("s.json"); i++) {
        sleep_ms(10);
    }
    size_t bytes;
    char *text = (char *)program_read_file("s.json", &bytes);
    expect_json(text);
    double early = json_number(text, "blocks");
    free(text);
    program_play_on(20);
    ck_assert_int_eq(kill(pid, SIGINT), 0);
    struct program_result result = program_wait(pid);
    ck_assert_msg(result.status == 0, "%d: %s", result.status, result.err);
    /* By the signal; the end prints none without --stats. */
    const char *first = strstr(result.err, ": stats ");
    ck_assert_msg(first != NULL && strstr(first + 1, ": stats ") == NULL, "%s",
                  result.err);
    text = (char *)program_read_file("s.json", &bytes);
    expect_json(text);
    ck_assert_double_gt(early, 10.0);
    ck_assert_double_gt(json_number(text, "blocks"), early);
    free(text);
}
END_TEST

START_TEST(prints_a_line_every_second)
{
    struct program_result result =
        program_run(NULL, NULL, "--dummy --seconds 2.5 --stats=1");
    ck_assert_msg(result.status == 0, "%s", result.err);
    ck_assert_msg(strstr(result.err, ": 1 s: ") != NULL, "%s", result.err);
    ck_assert_msg(strstr(result.err, ": 2 s: ") != NULL, "%s", result.err);
}
END_TEST

START_TEST(says_when_it_cannot_write_them)
{
    struct program_result result = program_run(
        NULL, NULL, "--render x.wav --blocks 1 --stats-json no/such/s.json");
    ck_assert_int_eq(result.status, 9);
    ck_assert_msg(strstr(result.err, "cannot write 'no/such/s.json'") != NULL,
                  "%s", result.err);
}
END_TEST

static void clear(void)
{
    memset(&stats, 0, sizeof(stats));
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("stats");
    TCase *tcase = tcase_create("numbers");
    tcase_add_checked_fixture(tcase, clear, NULL);
    tcase_add_test(tcase, bins_are_narrow_and_leave_no_gap);
    tcase_add_loop_test(tcase, percentiles_are_those_of_the_sorted_durations, 0,
                        6);
    tcase_add_test(tcase, nothing_has_no_percentile);
    tcase_add_loop_test(tcase, measures_an_output, 0,
                        sizeof(outputs) / sizeof(*outputs));
    tcase_add_test(tcase, measures_an_input);
    tcase_add_test(tcase, keeps_the_highest_peak);
    suite_add_tcase(suite, tcase);
    tcase = tcase_create("programs");
    tcase_set_timeout(tcase, 30);
    tcase_add_checked_fixture(tcase, program_setup, program_teardown);
    tcase_add_test(tcase, the_json_checker_rejects);
    tcase_add_test(tcase, counts_a_render);
    tcase_add_test(tcase, counts_what_a_script_does);
    tcase_add_test(tcase, a_signal_dumps_while_it_plays);
    tcase_add_test(tcase, prints_a_line_every_second);
    tcase_add_test(tcase, says_when_it_cannot_write_them);
    suite_add_tcase(suite, tcase);
    return suite;
}
