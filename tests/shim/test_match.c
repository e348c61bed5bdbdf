/* SPDX-License-Identifier: MIT */
#include "swap/match.h"

#include "control/list.h"
#include "made_version.h"
#include "suite.h"

#include <stdlib.h>
#include <string.h>

static struct version versions[MADE_VERSIONS];
static struct transfer transfer;

static void setup(void)
{
    for (unsigned n = 0; n < MADE_VERSIONS; n++) {
        made_version(&versions[n], n);
    }
}

static void teardown(void)
{
    match_free(&transfer);
    for (unsigned n = 0; n < MADE_VERSIONS; n++) {
        version_close(&versions[n]);
    }
}

static void match(unsigned from, unsigned to, enum match_values values)
{
    struct failure failure = {0};
    match_free(&transfer);
    ck_assert(match_make(&transfer, &versions[from], &versions[to], values,
                         &failure));
}

static void set_all(unsigned n, int32_t note, float gain, int32_t only)
{
    made_set(n, "note", &note);
    made_set(n, "gain", &gain);
    made_set(n, "only", &only);
}

/* The author has changed a default. */
static void change_default(unsigned n, const char *name, int32_t value)
{
    struct failure failure = {0};
    made_set(n, name, &value);
    free(versions[n].defaults);
    versions[n].defaults = list_remember(versions[n].patch, &failure);
    ck_assert_ptr_nonnull(versions[n].defaults);
}

START_TEST(carries_what_both_know)
{
    set_all(0, 60, 0.25F, 5);
    match(0, 1, MATCH_SAME_DEFAULT);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "note"), 60);
    ck_assert(made_float(1, "gain") == 0.25F);
    /* Of another type. */
    ck_assert_int_eq(made_int(1, "only"), 0);
}
END_TEST

START_TEST(leaves_large_runs_to_who_has_time)
{
    const int32_t seven = 7;
    memcpy(made_cell(0, "table"), &seven, sizeof(seven));
    set_all(0, 60, 0.25F, 5);
    match(0, 1, MATCH_SAME_DEFAULT);
    transfer_values(&transfer, true);
    ck_assert_int_eq(made_int(1, "note"), 60);
    ck_assert_int_eq(made_int(1, "table"), 0);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "table"), 7);
}
END_TEST

START_TEST(a_default_that_was_changed_is_new)
{
    set_all(0, 60, 0.25F, 5);
    change_default(1, "note", 33);
    match(0, 1, MATCH_SAME_DEFAULT);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "note"), 33);
    ck_assert(made_float(1, "gain") == 0.25F);
    /* Unless that does not matter. */
    match(0, 1, MATCH_ALL);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "note"), 60);
}
END_TEST

START_TEST(a_fresh_start_carries_nothing)
{
    size_t count = 0;
    size_t bytes = 0;
    set_all(0, 60, 0.25F, 5);
    match(0, 1, MATCH_NONE);
    transfer_values(&transfer, false);
    match_count(&transfer, &count, &bytes);
    ck_assert_uint_eq(count, 0);
    ck_assert_int_eq(made_int(1, "note"), 0);
    ck_assert(made_float(1, "gain") == 1.0F);
}
END_TEST

START_TEST(the_same_module_carries_all_memory)
{
    const int32_t value = 77;
    uint8_t *nameless = made_cell(0, "note") + 100;
    memcpy(nameless, &value, sizeof(value));
    match(0, 2, MATCH_SAME_DEFAULT);
    ck_assert_uint_eq(transfer.run_count, 1);
    transfer_values(&transfer, false);
    ck_assert_mem_eq(made_cell(2, "note") + 100, nameless, 4);
}
END_TEST

/* Pointers into what is carried go along; others keep their default. */
START_TEST(follows_pointers)
{
    const uint8_t *base[2] = {versions[0].patch->memories[0].data,
                              versions[1].patch->memories[0].data};
    int32_t address = (int32_t)(made_cell(0, "table") + 400 - base[0]);
    made_set(0, "at", &address);
    match(0, 1, MATCH_SAME_DEFAULT);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "at"),
                     (int32_t)(made_cell(1, "table") + 400 - base[1]));
    address = 100000; /* nobody's */
    made_set(0, "at", &address);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "at"),
                     (int32_t)(made_cell(1, "table") + 400 - base[1]));
    address = 0;
    made_set(0, "at", &address);
    transfer_values(&transfer, false);
    ck_assert_int_eq(made_int(1, "at"), 0);
}
END_TEST

START_TEST(translates_changes_or_makes_nothing_of_them)
{
    const double args[] = {1.0};
    const int32_t value = 3;
    const uint8_t *base = versions[0].patch->memories[0].data;
    const struct change changes[] = {
        {.block = 5,
         .write = {.address = (uint32_t)(made_cell(0, "note") - base),
                   .size = 4,
                   .bytes = (const uint8_t *)&value}},
        {.block = 6,
         .write = {.address = 100000,
                   .size = 4,
                   .bytes = (const uint8_t *)&value}},
        {.block = 7,
         .kind = CHANGE_CALL,
         .call = {.function = &versions[0].patch->exports[0], .args = args}},
        {.block = 8,
         .kind = CHANGE_CALL,
         .call = {.function = &versions[0].patch->exports[1], .args = args}},
        {.block = 9, .kind = CHANGE_KEY, .key = {1, 2}},
    };
    match(0, 1, MATCH_NONE);
    struct change *made = match_changes(&transfer, changes, 5);
    ck_assert_ptr_nonnull(made);
    for (uint64_t i = 0; i < 5; i++) {
        ck_assert_uint_eq(made[i].block, 5 + i);
    }
    ck_assert_uint_eq(made[0].version, 1);
    ck_assert_uint_eq(
        made[0].write.address,
        (unsigned)(made_cell(1, "note") - versions[1].patch->memories[0].data));
    ck_assert_int_eq(made[1].kind, CHANGE_WRITE);
    ck_assert_uint_eq(made[1].write.size, 0);
    ck_assert_ptr_eq(made[2].call.function, &versions[1].patch->exports[1]);
    ck_assert_uint_eq(made[3].write.size, 0);
    ck_assert_int_eq(made[4].kind, CHANGE_KEY);
    ck_assert_int_eq(made[4].key.key, 2);
    free(made);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("match");
    TCase *tcase = tcase_create("all");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, carries_what_both_know);
    tcase_add_test(tcase, leaves_large_runs_to_who_has_time);
    tcase_add_test(tcase, a_default_that_was_changed_is_new);
    tcase_add_test(tcase, a_fresh_start_carries_nothing);
    tcase_add_test(tcase, the_same_module_carries_all_memory);
    tcase_add_test(tcase, follows_pointers);
    tcase_add_test(tcase, translates_changes_or_makes_nothing_of_them);
    suite_add_tcase(suite, tcase);
    return suite;
}
