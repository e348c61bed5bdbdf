/* SPDX-License-Identifier: MIT */
/* The bench's own arithmetic, its JSON and its plots; messages that come while
 * an engine runs. */
#include "suite.h"

#include "pokes.h"
#include "results.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct results results;

/* Three modules and three engines: ours, one that is slower, and one that
 * lacks the last module. */
static void setup(void)
{
    static const double ns[3][3] = {{100, 200, 50}, {10, 80, 10}, {1, 4, 0}};
    memset(&results, 0, sizeof(results));
    results.module_count = 3;
    results.engine_count = 3;
    for (size_t m = 0; m < 3; m++) {
        (void)snprintf(results.modules[m], NAME_BYTES, "module-%zu", m);
        (void)snprintf(results.engines[m], NAME_BYTES, "engine-%zu", m);
        for (size_t e = 0; e < 3; e++) {
            results.figures[m][e] = (struct figures){
                .is_present = true,
                .is_good = ns[m][e] > 0,
                .best_ns = ns[m][e],
                .hash = (uint32_t)m,
            };
        }
    }
}

static void teardown(void)
{
    for (size_t m = 0; m < 3; m++) {
        for (size_t e = 0; e < 3; e++) {
            free(results.figures[m][e].times);
        }
    }
}

static void add_times(size_t module, size_t engine, uint32_t least)
{
    uint32_t list[1000];
    struct histogram *times = calloc(1, sizeof(*times));
    ck_assert_ptr_nonnull(times);
    for (uint32_t i = 0; i < 1000; i++) {
        list[i] = least + i;
    }
    histogram_add(times, list, 1000);
    results.figures[module][engine].times = times;
}

static const uint32_t scales[] = {1, 3, 127, 128, 1000, 100000, 4000000};

START_TEST(quantiles_are_within_a_bin_of_the_truth)
{
    static struct histogram histogram;
    enum { COUNT = 1000 };
    uint32_t list[COUNT];
    memset(&histogram, 0, sizeof(histogram));
    for (uint32_t i = 0; i < COUNT; i++) {
        list[i] = (i * 617 % COUNT + 1) * scales[_i]; /* each once, mixed */
    }
    histogram_add(&histogram, list, COUNT / 2);
    histogram_add(&histogram, list + COUNT / 2, COUNT / 2);
    ck_assert_uint_eq(histogram.count, COUNT);
    ck_assert_uint_eq(histogram.most, COUNT * scales[_i]);
    for (uint32_t i = 1; i <= COUNT; i++) {
        double exact = (double)i * scales[_i];
        double found = histogram_quantile(&histogram, i / (double)COUNT);
        ck_assert_msg(found >= exact && found <= exact * (1 + 1.0 / 64),
                      "%u of %u: %g, not %g", i, COUNT, found, exact);
    }
}
END_TEST

START_TEST(the_longest_time_is_exact)
{
    static struct histogram histogram;
    static const uint32_t list[] = {0, 5, UINT32_MAX, 77777};
    memset(&histogram, 0, sizeof(histogram));
    ck_assert_double_eq(histogram_quantile(&histogram, 0.5), 0);
    histogram_add(&histogram, list, 4);
    ck_assert_double_eq(histogram_quantile(&histogram, 1), UINT32_MAX);
    ck_assert_double_eq(histogram_quantile(&histogram, 0.25), 0);
    ck_assert_double_eq(histogram_quantile(&histogram, 0.5), 5);
}
END_TEST

START_TEST(means_take_what_both_engines_run)
{
    ck_assert_double_eq(results_ratio(&results, 0, 1), 2);
    ck_assert_double_eq(results_ratio(&results, 2, 2), 0);
    ck_assert_double_eq(results_mean(&results, 0), 1);
    ck_assert_double_eq_tol(results_mean(&results, 1), 4, 1e-9);
    ck_assert_double_eq_tol(results_mean(&results, 2), sqrt(0.5), 1e-9);
    results.figures[2][0].is_good = false;
    ck_assert_double_eq_tol(results_mean(&results, 1), 4, 1e-9);
}
END_TEST

START_TEST(another_memory_is_noticed)
{
    ck_assert(results_agree(&results, 2));
    results.figures[2][2].hash = 99; /* it failed: its hash is no claim */
    ck_assert(results_agree(&results, 2));
    results.figures[2][1].hash = 99;
    ck_assert(!results_agree(&results, 2));
    results.figures[2][0].is_good = false;
    ck_assert(results_agree(&results, 2));
}
END_TEST

static char *shown(void (*show)(FILE *file))
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&bytes, &size);
    show(stream);
    (void)fclose(stream);
    return bytes;
}

static void json(FILE *file)
{
    results_print_json(&results, file);
}

static void table(FILE *file)
{
    results_print(&results, file);
}

static void ratios(FILE *file)
{
    results_plot_ratios(&results, file);
}

static void times(FILE *file)
{
    results_plot_times(&results, 1, file);
}

START_TEST(json_holds_every_figure)
{
    add_times(0, 1, 500);
    char *text = shown(json);
    cJSON *root = cJSON_Parse(text);
    ck_assert_msg(root != NULL, "%s", text);
    const cJSON *modules = cJSON_GetObjectItem(root, "modules");
    ck_assert_int_eq(cJSON_GetArraySize(modules), 3);
    const cJSON *first = cJSON_GetArrayItem(modules, 0);
    const cJSON *engines = cJSON_GetObjectItem(first, "engines");
    ck_assert_int_eq(cJSON_GetArraySize(engines), 3);
    const cJSON *slower = cJSON_GetArrayItem(engines, 1);
    ck_assert_double_eq(cJSON_GetObjectItem(slower, "nsPerBlock")->valuedouble,
                        200);
    ck_assert_double_eq(cJSON_GetObjectItem(slower, "maxNs")->valuedouble,
                        1499);
    ck_assert_ptr_null(
        cJSON_GetObjectItem(cJSON_GetArrayItem(engines, 0), "maxNs"));
    const cJSON *last = cJSON_GetArrayItem(modules, 2);
    ck_assert_int_eq(cJSON_GetArraySize(cJSON_GetObjectItem(last, "engines")),
                     2);
    const cJSON *means = cJSON_GetObjectItem(root, "geometricMeans");
    ck_assert_double_eq_tol(cJSON_GetObjectItem(means, "engine-1")->valuedouble,
                            4, 1e-4);
    cJSON_Delete(root);
    free(text);
}
END_TEST

START_TEST(the_table_says_who_is_faster_and_who_differs)
{
    results.figures[1][1].hash = 99;
    results.figures[0][0].flushed_ns = 90;
    char *text = shown(table);
    ck_assert_ptr_nonnull(
        strstr(text, "engine-2 is faster on module-0: 0.50x\n"));
    ck_assert_ptr_null(strstr(text, "engine-1 is faster"));
    ck_assert_ptr_nonnull(strstr(text, "(8.00x)       10 (1.00x)  MEMORY"));
    ck_assert_ptr_nonnull(strstr(text, "denormals kept 100  flushed 90\n"));
    free(text);
}
END_TEST

static unsigned count_of(const char *text, const char *word)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, word)) != NULL; at++) {
        count++;
    }
    return count;
}

START_TEST(plots_draw_each_engine_inside_the_picture)
{
    add_times(1, 0, 100);
    add_times(1, 2, 90000);
    char *bars = shown(ratios);
    char *curves = shown(times);
    const char *const pictures[] = {bars, curves};
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(strncmp(pictures[i], "<svg ", 5), 0);
        ck_assert_str_eq(strstr(pictures[i], "</svg>"), "</svg>\n");
        ck_assert_ptr_null(strstr(pictures[i], "nan"));
        ck_assert_ptr_null(strstr(pictures[i], "inf"));
        ck_assert_ptr_null(strstr(pictures[i], "\"-"));
        ck_assert_ptr_nonnull(strstr(pictures[i], ">engine-2<"));
    }
    /* Background, legend, and a bar for each ratio and each mean. */
    ck_assert_uint_eq(count_of(bars, "<rect "), 1 + 3 + 8 + 3);
    ck_assert_uint_eq(count_of(curves, "<polyline "), 2);
    free(bars);
    free(curves);
}
END_TEST

enum { PATIENCE_S = 30 };

static uint32_t hash_of(const unsigned char *bytes, size_t size)
{
    uint32_t hash = 0x811c9dc5U;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 16777619U;
    }
    return hash;
}

/* Whether rounds are long or short, and whether blocks are timed one by one. */
static const char *const rounds[][4] = {
    {"run 8", NULL},
    {"run 1", "run 7", NULL},
    {"run 2", "run 3", "run 3", NULL},
};

START_TEST(messages_come_in_turn_and_again)
{
    /* Blocks before (start makes one), callback, sum of the arguments. */
    static const unsigned char calls[][3] = {{1, 0, 6}, {3, 1, 15}, {3, 0, 24},
                                             {6, 0, 6}, {8, 1, 15}, {8, 0, 24}};
    static const char *const events[] = {"event 2 a 1 2 3", "event 0 b 4 5 6",
                                         "event 3 a 7 8 9"};
    struct speaker speaker;
    uint64_t value = 0;
    ck_assert(speaker_start(&speaker, LISTENING_ENGINE, false));
    ck_assert(
        speaker_ask(&speaker, "start 0 ieee", PATIENCE_S, "ready", 10, &value));
    for (size_t i = 0; i < 3; i++) {
        ck_assert(pokes_is_event(events[i]));
        ck_assert(speaker_ask(&speaker, events[i], PATIENCE_S, "ok", 10, NULL));
    }
    for (size_t i = 0; rounds[_i][i] != NULL; i++) {
        ck_assert(
            speaker_ask(&speaker, rounds[_i][i], PATIENCE_S, "ns", 10, &value));
    }
    ck_assert(speaker_ask(&speaker, "end", PATIENCE_S, "hash", 16, &value));
    ck_assert_uint_eq(value, hash_of(calls[0], sizeof(calls)));
    speaker_stop(&speaker);
}
END_TEST

/* All at once, with nothing between: once before each block. */
START_TEST(messages_without_a_pause_end)
{
    static const unsigned char calls[][3] = {
        {1, 0, 1}, {1, 1, 2}, {2, 0, 1}, {2, 1, 2}};
    struct speaker speaker;
    uint64_t value = 0;
    ck_assert(speaker_start(&speaker, LISTENING_ENGINE, false));
    ck_assert(
        speaker_ask(&speaker, "start 0 ieee", PATIENCE_S, "ready", 10, &value));
    ck_assert(
        speaker_ask(&speaker, "event 0 a 1 0 0", PATIENCE_S, "ok", 10, NULL));
    ck_assert(
        speaker_ask(&speaker, "event 0 b 2 0 0", PATIENCE_S, "ok", 10, NULL));
    ck_assert(speaker_ask(&speaker, "run 2", PATIENCE_S, "ns", 10, &value));
    ck_assert(speaker_ask(&speaker, "end", PATIENCE_S, "hash", 16, &value));
    ck_assert_uint_eq(value, hash_of(calls[0], sizeof(calls)));
    speaker_stop(&speaker);
}
END_TEST

START_TEST(a_message_to_nobody_is_refused)
{
    struct speaker speaker;
    uint64_t value = 0;
    ck_assert(speaker_start(&speaker, LISTENING_ENGINE, false));
    ck_assert(
        speaker_ask(&speaker, "start 0 ieee", PATIENCE_S, "ready", 10, &value));
    ck_assert(
        !speaker_ask(&speaker, "event 1 c 1 2 3", PATIENCE_S, "ok", 10, NULL));
    speaker_stop(&speaker);
}
END_TEST

static const char *const no_events[] = {
    "",
    "event",
    "event 1 a",
    "event 1 a 1 2",
    "event 1 a 1 2 3 4",
    "event 1 a 1 2 3 ",
    "event x a 1 2 3",
    "event -1 a 1 2 3",
    "event 1  1 2 3",
    "event 1 a 1 2 -3",
    "event 1 a 1 2 12345678901",
    "events 1 a 1 2 3",
    "event 1 "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    " 1 2 3",
};

START_TEST(knows_events_from_other_lines)
{
    ck_assert_msg(!pokes_is_event(no_events[_i]), "%s", no_events[_i]);
    ck_assert(pokes_is_event("event 4294967295 onNote 255 127 4294967295"));
    ck_assert(!pokes_is_line("event 1 a 1 2 3"));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("bench");
    TCase *tcase = tcase_create("bench");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_loop_test(tcase, quantiles_are_within_a_bin_of_the_truth, 0,
                        sizeof(scales) / sizeof(scales[0]));
    tcase_add_test(tcase, the_longest_time_is_exact);
    tcase_add_test(tcase, means_take_what_both_engines_run);
    tcase_add_test(tcase, another_memory_is_noticed);
    tcase_add_test(tcase, json_holds_every_figure);
    tcase_add_test(tcase, the_table_says_who_is_faster_and_who_differs);
    tcase_add_test(tcase, plots_draw_each_engine_inside_the_picture);
    tcase_add_loop_test(tcase, messages_come_in_turn_and_again, 0,
                        sizeof(rounds) / sizeof(rounds[0]));
    tcase_add_test(tcase, messages_without_a_pause_end);
    tcase_add_test(tcase, a_message_to_nobody_is_refused);
    tcase_add_loop_test(tcase, knows_events_from_other_lines, 0,
                        sizeof(no_events) / sizeof(no_events[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
