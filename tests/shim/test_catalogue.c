/* SPDX-License-Identifier: MIT */
/* What a front is told of a patch, and what becomes of it on a bad way. */
#define _GNU_SOURCE /* memfd_create */
#include "wire/catalogue.h"

#include "fake_patch.h"
#include "suite.h"
#include "wire/link.h"

#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { WAIT_MS = 1000, VERSION = 7 };

static int ends[2];

static void setup(void)
{
    struct failure failure = {0};
    ck_assert(link_open(ends, &failure));
}

static void teardown(void)
{
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static struct f4e_patch *tell(const struct f4e_patch *patch)
{
    uint32_t version = 0;
    ck_assert(catalogue_send(ends[0], patch, VERSION));
    struct f4e_patch *told = catalogue_receive(ends[1], WAIT_MS, &version);
    ck_assert_ptr_nonnull(told);
    ck_assert_uint_eq(version, VERSION);
    return told;
}

static void expect_items(const struct f4e_patch *told,
                         const struct f4e_patch *patch)
{
    ck_assert_uint_eq(told->item_count, patch->item_count);
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *got = &told->items[i];
        const struct f4e_item *want = &patch->items[i];
        ck_assert_str_eq(got->name, want->name);
        ck_assert_str_eq(got->type, want->type);
        ck_assert_uint_eq(got->memory, want->memory);
        ck_assert_uint_eq(got->address, want->address);
        ck_assert_uint_eq(got->count, want->count);
        ck_assert_int_eq(got->element, want->element);
        ck_assert_int_eq(got->is_array, want->is_array);
    }
}

static void expect_params(const struct f4e_patch *told,
                          const struct f4e_patch *patch)
{
    ck_assert_uint_eq(told->param_count, patch->param_count);
    for (unsigned i = 0; i < patch->param_count; i++) {
        const struct f4e_param *got = &told->params[i];
        const struct f4e_param *want = &patch->params[i];
        ck_assert_int_eq(got->kind, want->kind);
        ck_assert_uint_eq(got->item, want->item);
        ck_assert_uint_eq(got->item2, want->item2);
        ck_assert(got->min == want->min && got->max == want->max &&
                  got->step == want->step);
        ck_assert(got->off == want->off && got->on == want->on);
        ck_assert_int_eq(got->is_float_bits, want->is_float_bits);
    }
}

START_TEST(tells_all_that_osc_needs)
{
    const struct f4e_patch *patch = &f4e_patch;
    struct f4e_patch *told = tell(patch);
    ck_assert_str_eq(told->name, patch->name);
    ck_assert_uint_eq(told->sample_rate, patch->sample_rate);
    ck_assert_uint_eq(told->block_frames, patch->block_frames);
    ck_assert_uint_eq(told->tick_ms, patch->tick_ms);
    ck_assert_uint_eq(told->output_count, patch->output_count);
    ck_assert_uint_eq(told->input_count, patch->input_count);
    ck_assert_uint_gt(patch->item_count, 0);
    expect_items(told, patch);
    ck_assert_uint_gt(patch->param_count, 0);
    expect_params(told, patch);
    ck_assert_uint_eq(told->memory_count, patch->memory_count);
    for (unsigned i = 0; i < patch->memory_count; i++) {
        ck_assert_str_eq(told->memories[i].name, patch->memories[i].name);
        ck_assert_ptr_null(told->memories[i].data);
    }
    ck_assert_uint_gt(patch->export_count, 0);
    ck_assert_uint_eq(told->export_count, patch->export_count);
    for (unsigned i = 0; i < patch->export_count; i++) {
        ck_assert_str_eq(told->exports[i].name, patch->exports[i].name);
        ck_assert_str_eq(told->exports[i].signature,
                         patch->exports[i].signature);
        ck_assert(told->exports[i].call == NULL);
    }
    ck_assert_uint_eq(told->midi_count, patch->midi_count);
    for (unsigned i = 0; i < patch->midi_count; i++) {
        ck_assert_uint_eq(told->midi[i].port, patch->midi[i].port);
    }
    free(told);
}
END_TEST

START_TEST(tells_of_a_patch_without_anything)
{
    const struct f4e_patch patch = {.name = "", .sample_rate = 1};
    struct f4e_patch *told = tell(&patch);
    ck_assert_str_eq(told->name, "");
    ck_assert_uint_eq(told->item_count + told->param_count +
                          told->memory_count + told->export_count +
                          told->midi_count,
                      0);
    free(told);
}
END_TEST

/* More than a socket holds. */
START_TEST(tells_of_many_names)
{
    enum { MANY = 100000 };
    struct f4e_item *items = calloc(MANY, sizeof(*items));
    const struct f4e_memory memory = {.name = "memory"};
    ck_assert_ptr_nonnull(items);
    for (unsigned i = 0; i < MANY; i++) {
        items[i] = (struct f4e_item){
            .name = i % 2 == 0 ? "even:name" : "odd:name",
            .type = "int",
            .address = 4 * i,
            .count = 1,
            .element = F4E_I32,
        };
    }
    const struct f4e_patch patch = {.name = "many",
                                    .items = items,
                                    .item_count = MANY,
                                    .memories = &memory,
                                    .memory_count = 1};
    struct f4e_patch *told = tell(&patch);
    expect_items(told, &patch);
    free(told);
    free(items);
}
END_TEST

START_TEST(does_not_wait_for_one_who_does_not_read)
{
    unsigned sent = 0;
    while (sent < 100000 && catalogue_send(ends[0], &f4e_patch, sent)) {
        sent++;
    }
    ck_assert_uint_gt(sent, 1);
    ck_assert_uint_lt(sent, 100000);
    for (unsigned i = 0; i < sent; i++) {
        uint32_t version = 0;
        struct f4e_patch *told = catalogue_receive(ends[1], 0, &version);
        ck_assert_ptr_nonnull(told);
        ck_assert_uint_eq(version, i);
        free(told);
    }
    uint32_t version = 0;
    ck_assert_ptr_null(catalogue_receive(ends[1], 0, &version));
}
END_TEST

/* ---- A bad way ---- */

struct record {
    uint32_t version;
    uint32_t bytes;
};

/* The file of the fake patch, as it is sent. */
static uint8_t *take_file(size_t *bytes)
{
    struct record record;
    int fd = -1;
    ck_assert(catalogue_send(ends[0], &f4e_patch, 1));
    ck_assert(
        link_receive_with(ends[1], &record, sizeof(record), WAIT_MS, &fd));
    uint8_t *file = malloc(record.bytes);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(read(fd, file, record.bytes), (ssize_t)record.bytes);
    ck_assert_int_eq(close(fd), 0);
    *bytes = record.bytes;
    return file;
}

static struct f4e_patch *send_file(const uint8_t *file, size_t bytes,
                                   uint32_t said)
{
    const struct record record = {1, said};
    uint32_t version = 0;
    int fd = memfd_create("test", MFD_CLOEXEC);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(pwrite(fd, file, bytes, 0), (ssize_t)bytes);
    ck_assert(link_send_with(ends[0], &record, sizeof(record), fd));
    ck_assert_int_eq(close(fd), 0);
    return catalogue_receive(ends[1], WAIT_MS, &version);
}

START_TEST(refuses_a_file_that_is_cut_off)
{
    size_t bytes;
    uint8_t *file = take_file(&bytes);
    for (size_t length = 0; length < bytes; length++) {
        ck_assert_ptr_null(send_file(file, length, (uint32_t)length));
        ck_assert_ptr_null(send_file(file, length, (uint32_t)bytes));
    }
    struct f4e_patch *told = send_file(file, bytes, (uint32_t)bytes);
    ck_assert_ptr_nonnull(told);
    free(told);
    ck_assert_ptr_null(send_file(file, bytes, UINT32_MAX));
    free(file);
}
END_TEST

/* Whatever stands in it, nothing outside of it is read. */
START_TEST(survives_any_numbers)
{
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    size_t bytes;
    uint8_t *file = take_file(&bytes);
    for (size_t at = 0; at < sizeof(struct f4e_patch); at++) {
        for (size_t i = 0; i < sizeof(values); i++) {
            const uint8_t before = file[at];
            file[at] = values[i];
            struct f4e_patch *told = send_file(file, bytes, (uint32_t)bytes);
            ck_assert(told == NULL || strlen(told->name) < bytes);
            free(told);
            file[at] = before;
        }
    }
    free(file);
}
END_TEST

static void spoil_item(struct f4e_patch *patch, struct f4e_item *items,
                       struct f4e_param *params)
{
    (void)params;
    items[patch->item_count - 1].memory = patch->memory_count;
}

static void spoil_param(struct f4e_patch *patch, struct f4e_item *items,
                        struct f4e_param *params)
{
    (void)items;
    params[patch->param_count - 1].item = patch->item_count;
}

static void spoil_second(struct f4e_patch *patch, struct f4e_item *items,
                         struct f4e_param *params)
{
    (void)items;
    params[patch->param_count - 1].item2 = patch->item_count;
}

START_TEST(refuses_indices_outside_of_tables)
{
    static void (*const ways[])(struct f4e_patch *, struct f4e_item *,
                                struct f4e_param *) = {spoil_item, spoil_param,
                                                       spoil_second};
    struct f4e_patch patch = f4e_patch;
    struct f4e_item *items = calloc(patch.item_count, sizeof(*items));
    struct f4e_param *params = calloc(patch.param_count, sizeof(*params));
    uint32_t version = 0;
    ck_assert(items != NULL && params != NULL);
    for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
        memcpy(items, f4e_patch.items, patch.item_count * sizeof(*items));
        memcpy(params, f4e_patch.params, patch.param_count * sizeof(*params));
        patch.items = items;
        patch.params = params;
        ways[i](&patch, items, params);
        ck_assert(catalogue_send(ends[0], &patch, 1));
        ck_assert_ptr_null(catalogue_receive(ends[1], WAIT_MS, &version));
    }
    free(items);
    free(params);
}
END_TEST

/* No descriptor, and none too many in the end. */
START_TEST(refuses_a_record_without_a_file)
{
    const struct record record = {1, 4096};
    uint32_t version = 0;
    int free_before = fcntl(ends[0], F_DUPFD_CLOEXEC, 0);
    ck_assert_int_eq(close(free_before), 0);
    ck_assert(link_send(ends[0], &record, sizeof(record)));
    ck_assert_ptr_null(catalogue_receive(ends[1], WAIT_MS, &version));
    ck_assert(link_send_with(ends[0], &record, 1, ends[0]));
    ck_assert_ptr_null(catalogue_receive(ends[1], WAIT_MS, &version));
    int free_after = fcntl(ends[0], F_DUPFD_CLOEXEC, 0);
    ck_assert_int_eq(free_after, free_before);
    ck_assert_int_eq(close(free_after), 0);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("catalogue");
    TCase *tcase = tcase_create("shim");
    tcase_set_timeout(tcase, 60);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, tells_all_that_osc_needs);
    tcase_add_test(tcase, tells_of_a_patch_without_anything);
    tcase_add_test(tcase, tells_of_many_names);
    tcase_add_test(tcase, does_not_wait_for_one_who_does_not_read);
    tcase_add_test(tcase, refuses_a_file_that_is_cut_off);
    tcase_add_test(tcase, survives_any_numbers);
    tcase_add_test(tcase, refuses_indices_outside_of_tables);
    tcase_add_test(tcase, refuses_a_record_without_a_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
