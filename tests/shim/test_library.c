/* SPDX-License-Identifier: MIT */
/* The functions of a library: life, blocks, items, calls, MIDI. */
#include "f4e_patch.h"
#include "library_patch.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

START_TEST(is_one_and_starts_anew)
{
    ck_assert_ptr_null(fake_create());
    ck_assert_ptr_nonnull(strstr(fake_error(NULL), "exists already"));
    ck_assert(fake_process(patch, NULL, outs));
    small[9] = 9;
    fake_destroy(patch);
    fake_destroy(NULL);
    patch = fake_create();
    ck_assert_ptr_nonnull(patch);
    ck_assert_str_eq(fake_error(NULL), "");
    ck_assert_uint_eq(fake_blocks(patch), 0);
    ck_assert_int_eq(small[9], 0);
    ck_assert_int_eq(memory[GAIN + 1], 8);
    ck_assert(fake_process(patch, NULL, outs));
    ck_assert_double_eq((double)out[0], 100.0);
}
END_TEST

START_TEST(renders_blocks)
{
    const float in[LIBRARY_FRAMES] = {0.0F, 0.25F, 0.5F, 0.75F};
    const float *const ins[] = {in};
    const float *const none[] = {NULL};
    ck_assert(fake_process(patch, ins, outs));
    ck_assert_double_eq((double)out[3], 100.75);
    ck_assert(fake_process(patch, none, outs));
    ck_assert_double_eq((double)out[3], 101.75); /* what was there before */
    ck_assert_uint_eq(fake_blocks(patch), 2);
    ck_assert_str_eq(fake_error(patch), "");
    struct f4e_library_info info = fake_info();
    ck_assert_uint_eq(info.block_frames, LIBRARY_FRAMES);
    ck_assert_uint_eq(info.items, LIBRARY_ITEMS);
    ck_assert_str_eq(info.name, "by hand");
}
END_TEST

START_TEST(is_silent_after_a_trap_until_reset)
{
    const int32_t at = 101;
    ck_assert(fake_write(patch, 0, TRAP_AT, &at, sizeof(at)));
    ck_assert(fake_process(patch, NULL, outs));
    for (int i = 0; i < 2; i++) {
        out[0] = 5.0F;
        ck_assert(!fake_process(patch, NULL, outs));
        ck_assert_double_eq((double)out[0], 0.0);
    }
    ck_assert_msg(strcmp(fake_error(patch),
                         "trap: divide by zero in function 1 after 1 "
                         "blocks") == 0,
                  "%s", fake_error(patch));
    ck_assert(!fake_call(patch, 0, NULL, 0));
    ck_assert(fake_reset(patch));
    ck_assert_str_eq(fake_error(patch), "");
    ck_assert(fake_process(patch, NULL, outs));
    ck_assert_double_eq((double)out[0], 100.0);
}
END_TEST

START_TEST(tells_why_it_did_not_start)
{
    fake_destroy(patch);
    is_trapping_in_init = true;
    ck_assert_ptr_null(fake_create());
    ck_assert_ptr_nonnull(strstr(fake_error(NULL), "unreachable"));
    is_trapping_in_init = false;
    patch = fake_create();
    ck_assert_ptr_nonnull(patch);
}
END_TEST

static const struct {
    const char *name;
    int item;
} finds[] = {
    {"osc:i8", 0}, {"i8", 0}, {"osc:gain", 7}, {"vcf:gain", 8}, {"gain", -1},
    {"none", 9},   {"", -1},  {"osc", -1},     {"osc:", -1},    {"vcf:i8", -1},
};

START_TEST(finds_items)
{
    ck_assert_msg(fake_find(finds[_i].name) == finds[_i].item, "%s: %d",
                  finds[_i].name, fake_find(finds[_i].name));
}
END_TEST

static const struct {
    const char *item;
    uint32_t index;
    double value;
    bool is_good;
} values[] = {
    {"i8", 0, -128, true},
    {"i8", 1, 127, true},
    {"i8", 0, 128, false},
    {"i8", 0, -129, false},
    {"i8", 2, 0, false},
    {"u8", 1, 255, true},
    {"u8", 0, 256, false},
    {"u8", 0, -1, false},
    {"i16", 1, -32768, true},
    {"i16", 0, 32768, false},
    {"u16", 1, 65535, true},
    {"u16", 0, -1, false},
    {"i32", 0, -2147483648.0, true},
    {"i32", 0, 2147483647, true},
    {"i32", 0, 2147483648.0, false},
    {"i32", 0, 0.5, false},
    {"i32", 0, (double)NAN, false},
    {"i32", 0, (double)INFINITY, false},
    {"i32", 1, 0, false},
    {"f32", 0, 0.25, true},
    {"f32", 0, (double)INFINITY, true},
    {"f64", 0, 0.1, true},
    {"vcf:gain", 0, -2, true},
    {"none", 0, 0, false},
};

START_TEST(sets_and_gets)
{
    int item = fake_find(values[_i].item);
    double value = 4711;
    uint8_t before[LIBRARY_BYTES];
    memcpy(before, memory, LIBRARY_BYTES);
    ck_assert_msg(fake_set(patch, item, values[_i].index, values[_i].value) ==
                      values[_i].is_good,
                  "%s = %g", values[_i].item, values[_i].value);
    if (values[_i].is_good) {
        ck_assert(fake_get(patch, item, values[_i].index, &value));
        ck_assert_msg(value == values[_i].value, "%s: %g, not %g",
                      values[_i].item, value, values[_i].value);
        struct f4e_library_item about;
        ck_assert(fake_item(item, &about));
        ck_assert(value >= about.lowest && value <= about.highest);
        /* The neighbours are as they were. */
        size_t size = about.address < 280 ? 4 : 8;
        ck_assert_int_eq(memcmp(before, memory, FIRST_ITEM), 0);
        if (about.memory == 0) {
            ck_assert_int_eq(memcmp(before + about.address + size,
                                    memory + about.address + size,
                                    LIBRARY_BYTES - about.address - size),
                             0);
        }
    } else {
        ck_assert_int_eq(memcmp(before, memory, LIBRARY_BYTES), 0);
    }
}
END_TEST

START_TEST(refuses_what_is_not_there)
{
    double value = 0;
    struct f4e_library_item about;
    char byte = 0;
    int count = LIBRARY_ITEMS;
    ck_assert(!fake_item(-1, &about) && !fake_item(count, &about));
    ck_assert(!fake_set(patch, -1, 0, 0) && !fake_set(patch, count, 0, 0));
    ck_assert(!fake_get(patch, -1, 0, &value));
    ck_assert(!fake_get(patch, 0, 2, &value));
    ck_assert(fake_write(patch, 0, LIBRARY_BYTES, &byte, 0));
    ck_assert(!fake_write(patch, 0, LIBRARY_BYTES, &byte, 1));
    ck_assert(!fake_write(patch, 0, LIBRARY_BYTES + 1, &byte, 0));
    ck_assert(!fake_write(patch, 0, 1, &byte, SIZE_MAX));
    ck_assert(!fake_write(patch, 2, 0, &byte, 1));
    ck_assert(!fake_read(patch, 2, 0, &byte, 1));
    ck_assert(!fake_read(patch, 0, UINT32_MAX, &byte, 2));
    ck_assert(fake_read(patch, 1, 65535, &byte, 1));
    ck_assert(!fake_call(patch, -1, NULL, 0));
    ck_assert(!fake_call(patch, LIBRARY_EXPORTS, NULL, 0));
    ck_assert(!fake_call(patch, fake_find_function("many"), NULL, 0));
    ck_assert_int_eq(fake_find_function("none"), -1);
}
END_TEST

START_TEST(calls_as_javascript_does)
{
    const double args[] = {1, 2, 3, 4};
    int add = fake_find_function("add");
    ck_assert(fake_call(patch, add, args, 4));
    ck_assert_int_eq(load_i32(SUM), 123);
    store_i32(SUM, 0);
    ck_assert(fake_call(patch, add, args, 1));
    ck_assert_int_eq(load_i32(SUM), 100 + 10000 + 1000);
}
END_TEST

START_TEST(hands_on_results)
{
    const uint8_t note[] = {1, 2, 3};
    const double args[] = {-2.75};
    double value = 4711;
    int function = fake_find_function("split");
    ck_assert(!fake_result(patch, 0, &value)); /* nothing was called */
    ck_assert(fake_call(patch, function, args, 1));
    ck_assert(fake_midi(patch, 0, note, 3)); /* is no call */
    ck_assert(fake_process(patch, NULL, outs));
    ck_assert(fake_result(patch, 0, &value) && value == -3.0);
    ck_assert(fake_result(patch, 1, &value) && value == 0.25);
    ck_assert(!fake_result(patch, 2, &value));
    ck_assert(fake_call(patch, fake_find_function("add"), args, 1));
    ck_assert(!fake_result(patch, 0, &value));
    ck_assert(fake_call(patch, fake_find_function("seventeen"), NULL, 0));
    ck_assert(!fake_result(patch, 0, &value));
    ck_assert(fake_call(patch, function, args, 1));
    ck_assert(!fake_call(patch, fake_find_function("trap"), NULL, 0));
    ck_assert(!fake_result(patch, 0, &value));
    ck_assert(fake_reset(patch));
    ck_assert(!fake_result(patch, 0, &value));
    ck_assert(value == 0.25); /* untouched by all that failed */
}
END_TEST

START_TEST(plays_midi)
{
    const uint8_t note[] = {1, 2, 3};
    ck_assert(fake_midi(patch, 0, note, 3));
    ck_assert_int_eq(load_i32(SUM), 123123); /* two functions are bound */
    store_i32(SUM, 0);
    ck_assert(fake_midi(patch, 0, note, 1));
    ck_assert_int_eq(load_i32(SUM), 100100);
    ck_assert(fake_midi(patch, 7, note, 3));
    ck_assert_int_eq(load_i32(SUM), 100100);
    /* A trap ends that call and nothing else. */
    ck_assert(!fake_midi(patch, 1, note, 3));
    ck_assert_str_eq(fake_error(patch), "");
    ck_assert(fake_process(patch, NULL, outs));
    store_i32(SUM, 0);
    ck_assert(fake_midi(patch, 0, note, 1));
    ck_assert_int_eq(load_i32(SUM), 100100);
}
END_TEST

static char sent[256];

static void receive(void *context, unsigned port, const uint8_t *bytes,
                    unsigned size)
{
    size_t used = strlen(sent);
    ck_assert_ptr_eq(context, sent);
    (void)snprintf(sent + used, sizeof(sent) - used, "%u:%u:%02x%02x%02x ",
                   port, size, bytes[0], bytes[1], bytes[2]);
}

START_TEST(hands_on_what_the_patch_sends)
{
    const double note = 60;
    const int function = fake_find_function("send");
    ck_assert_uint_eq(fake_info().midi_out_ports, F4E_MIDI_PORTS);
    ck_assert(fake_call(patch, function, &note, 1)); /* nobody listens */
    fake_midi_out(patch, receive, sent);
    ck_assert(fake_call(patch, function, &note, 1));
    ck_assert_str_eq(sent, "5:3:903c64 0:1:f80000 ");
    /* A trap leaves the note behind: the host is told. */
    sent[0] = '\0';
    ck_assert(!fake_call(patch, fake_find_function("trap"), NULL, 0));
    ck_assert_str_eq(sent, "0:0:000000 ");
    sent[0] = '\0';
    fake_midi_out(patch, NULL, NULL);
    ck_assert(fake_reset(patch));
    ck_assert(fake_call(patch, function, &note, 1));
    ck_assert_str_eq(sent, "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("library");
    TCase *tcase = tcase_create("library");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, is_one_and_starts_anew);
    tcase_add_test(tcase, renders_blocks);
    tcase_add_test(tcase, is_silent_after_a_trap_until_reset);
    tcase_add_test(tcase, tells_why_it_did_not_start);
    tcase_add_loop_test(tcase, finds_items, 0, sizeof(finds) / sizeof(*finds));
    tcase_add_loop_test(tcase, sets_and_gets, 0,
                        sizeof(values) / sizeof(*values));
    tcase_add_test(tcase, refuses_what_is_not_there);
    tcase_add_test(tcase, calls_as_javascript_does);
    tcase_add_test(tcase, hands_on_results);
    tcase_add_test(tcase, plays_midi);
    tcase_add_test(tcase, hands_on_what_the_patch_sends);
    suite_add_tcase(suite, tcase);
    return suite;
}
