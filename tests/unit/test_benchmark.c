/* SPDX-License-Identifier: MIT */
/* What a program that is timed prints, and the table of what is tried. */
#include "fixture.h"
#include "suite.h"

#include "tune/benchmark.h"
#include "tune/variants.h"

#include <string.h>

/* 'head', then 'count' numbers from 'first' on, then 'tail'. */
static const char *printed(const char *head, unsigned count, unsigned first,
                           const char *tail)
{
    char *text = arena_format(&arena, "%s", head);
    for (unsigned i = 0; i < count; i++) {
        text = arena_format(&arena, "%s %u", text, first + i);
    }
    return arena_format(&arena, "%s%s", text, tail);
}

static const char head[] = "hash 0123456789abcdef\ntraps 3\nns";

START_TEST(reads_what_a_benchmark_prints)
{
    struct benchmark_result result;
    ck_assert(
        benchmark_parse(&result, printed(head, BENCHMARK_SLICES, 7, "\n")));
    ck_assert_uint_eq(result.hash, UINT64_C(0x0123456789abcdef));
    ck_assert_uint_eq(result.traps, 3);
    ck_assert_uint_eq(result.ns[0], 7);
    ck_assert_uint_eq(result.ns[BENCHMARK_SLICES - 1],
                      7 + BENCHMARK_SLICES - 1);
    ck_assert_uint_eq(benchmark_ns(&result),
                      BENCHMARK_SLICES * (14 + BENCHMARK_SLICES - 1) / 2);
}
END_TEST

static const struct {
    const char *head;
    unsigned count;
    const char *tail;
} bad[] = {
    {"", 0, ""},
    {head, BENCHMARK_SLICES - 1, "\n"},
    {head, BENCHMARK_SLICES + 1, "\n"},
    {head, BENCHMARK_SLICES, ""},
    {head, BENCHMARK_SLICES, " x\n"},
    {"hash 11112222333344445\ntraps 0\nns", BENCHMARK_SLICES, "\n"},
    {"hash\ntraps 0\nns", BENCHMARK_SLICES, "\n"},
    {"hash 0\ntraps 4294967296\nns", BENCHMARK_SLICES, "\n"},
    {"hash 0\ntraps x\nns", BENCHMARK_SLICES, "\n"},
    {"hash 0\nns", BENCHMARK_SLICES, "\n"},
    {"warning: 1\nhash 0\ntraps 0\nns", BENCHMARK_SLICES, "\n"},
};

START_TEST(refuses_anything_else)
{
    struct benchmark_result result;
    const char *text = printed(bad[_i].head, bad[_i].count, 1, bad[_i].tail);
    ck_assert_msg(!benchmark_parse(&result, text), "row %d: %s", _i, text);
}
END_TEST

START_TEST(keeps_the_best_of_each_slice)
{
    struct benchmark_result best;
    struct benchmark_result other;
    ck_assert(
        benchmark_parse(&best, printed(head, BENCHMARK_SLICES, 100, "\n")));
    other = best;
    other.ns[5] = 1;
    other.ns[6] = 1000;
    uint64_t before = benchmark_ns(&best);
    benchmark_keep_best(&best, &other);
    ck_assert_uint_eq(best.ns[5], 1);
    ck_assert_uint_eq(best.ns[6], 106);
    ck_assert_uint_eq(benchmark_ns(&best), before - 104);
}
END_TEST

START_TEST(the_table_of_variants_is_sound)
{
    size_t count = 0;
    const struct variant *table = variants_table(&count);
    ck_assert_uint_gt(count, 2);
    ck_assert(!table[0].is_profiled && table[0].is_of_pgo);
    ck_assert_ptr_null(table[0].flags[0]);
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(table[i].name);
        ck_assert_msg(table[i].flags[VARIANT_MAX_FLAGS - 1] == NULL, "%s",
                      table[i].name);
        ck_assert_msg(strcspn(table[i].name, " \n") == length, "%s",
                      table[i].name);
        /* Each by its own name, and by no part of it. */
        ck_assert_ptr_eq(variants_find(table[i].name, length), &table[i]);
        ck_assert_ptr_ne(variants_find(table[i].name, length - 1), &table[i]);
    }
    ck_assert_ptr_null(variants_find("", 0));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("benchmark");
    TCase *tcase = tcase_create("benchmark");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, reads_what_a_benchmark_prints);
    tcase_add_loop_test(tcase, refuses_anything_else, 0,
                        sizeof(bad) / sizeof(bad[0]));
    tcase_add_test(tcase, keeps_the_best_of_each_slice);
    tcase_add_test(tcase, the_table_of_variants_is_sound);
    suite_add_tcase(suite, tcase);
    return suite;
}
