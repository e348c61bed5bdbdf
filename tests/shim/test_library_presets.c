/* SPDX-License-Identifier: MIT */
/* Presets of a library: texts that its host keeps. */
#include "library_patch.h"
#include "suite.h"

#include <math.h>
#include <string.h>

static const char kept[] = "{\"osc:i32\": {\"value\": 2},\n"
                           " \"osc:f32\": {\"value\": 0.1},\n"
                           " \"osc:gain\": {\"value\": 0.75},\n"
                           " \"vcf:gain\": {\"value\": \"-inf\"},\n"
                           " \"keys:held\": {\"value\": [60, -3, 0]}}";

static void set_item(const char *name, uint32_t index, double value)
{
    ck_assert(fake_set(patch, fake_find(name), index, value));
}

static double item(const char *name, uint32_t index)
{
    double value = 4711.0;
    ck_assert(fake_get(patch, fake_find(name), index, &value));
    return value;
}

START_TEST(saves_presets)
{
    char text[1024];
    set_item("osc:i32", 0, 2);
    set_item("osc:f32", 0, (double)0.1F);
    set_item("osc:gain", 0, 0.75);
    set_item("vcf:gain", 0, -(double)INFINITY);
    set_item("keys:held", 0, 60);
    set_item("keys:held", 1, -3);
    size_t length = fake_preset_save(patch, false, text, sizeof(text));
    ck_assert_str_eq(text, kept);
    ck_assert_uint_eq(length, strlen(kept));
    for (size_t room = 0; room < sizeof(kept); room++) {
        memset(text, '#', sizeof(text));
        ck_assert_uint_eq(fake_preset_save(patch, false, text, room), length);
        ck_assert_uint_eq(room > 0 ? strlen(text) : 0, room > 0 ? room - 1 : 0);
        ck_assert_int_eq(text[room], '#');
    }
    ck_assert_uint_gt(fake_preset_save(patch, true, text, sizeof(text)),
                      length);
    ck_assert_ptr_nonnull(strstr(text, "\"osc:u16\": {\"value\": [0, 0]}"));
    ck_assert_ptr_null(strstr(text, "vcf:none"));
}
END_TEST

START_TEST(loads_what_it_saved)
{
    static uint8_t before[LIBRARY_BYTES];
    char text[2048];
    for (unsigned i = FIRST_ITEM; i < FIRST_ITEM + 48; i++) {
        memory[i] = (uint8_t)(i * 7);
    }
    memcpy(before, memory, LIBRARY_BYTES);
    (void)fake_preset_save(patch, true, text, sizeof(text));
    memset(memory + FIRST_ITEM, 0, 48);
    ck_assert_int_eq(fake_preset_load(patch, text, NULL, 0), 11);
    /* What no item has in between is 0 now. */
    for (unsigned i = 0; i < 12; i++) {
        struct f4e_library_item about;
        ck_assert(fake_item((int)i, &about));
        if (about.memory == 0 && about.count > 0) {
            ck_assert_msg(memcmp(before + about.address, memory + about.address,
                                 about.count) == 0,
                          "%s", about.name);
        }
    }
}
END_TEST

static const struct {
    const char *text;
    const char *name; /* of the preset */
    int count;
    double i32, f32, held; /* afterwards; -1, -1 and -1 before */
} loads[] = {
    {"{}", NULL, 0, -1, -1, -1},
    {" {\"osc:i32\" : {\"x\": [{}], \"value\": 5, \"value\": 6}}\n", NULL, 1, 5,
     -1, -1},
    {"{\"osc:i32\": {\"value\": 0.5}, \"osc:f32\": {\"value\": 1e-1}}", NULL, 1,
     -1, (double)0.1F, -1},
    {"{\"keys:held\": {\"value\": [1, 128]}, \"x:y\": {\"value\": 1},"
     "\"i32\": {\"value\": 1}, \"osc:i32\": 7, \"osc:f32\": {}}",
     NULL, 0, -1, -1, -1},
    {"{\"keys:held\": {\"value\": [1, 2, 3, 4]}}", NULL, 0, -1, -1, -1},
    {"{\"keys:held\": {\"value\": 7}}", NULL, 0, -1, -1, -1},
    {"{\"keys:held\": {\"value\": [7]}}", NULL, 1, -1, -1, 7},
    {"{\"a\": 1, \"b\": {\"osc:i32\": {\"value\": 9}}}", "b", 1, 9, -1, -1},
    {"{\"a\": 1, \"b\": {}}", "a", -1, -1, -1, -1},
    {"{\"a\": 1, \"b\": {}}", "c", -1, -1, -1, -1},
    {"{\"osc:i32\": {\"value\": 5}} x", NULL, -1, -1, -1, -1},
    {"{\"osc:i32\": {\"value\": 5}, \"y\"", NULL, -1, -1, -1, -1},
    {"[]", NULL, -1, -1, -1, -1},
    {"", NULL, -1, -1, -1, -1},
};
enum { LOADS = sizeof(loads) / sizeof(*loads) };

START_TEST(loads_presets)
{
    set_item("osc:i32", 0, -1);
    set_item("osc:f32", 0, -1);
    set_item("keys:held", 0, -1);
    ck_assert_int_eq(fake_preset_load(patch, loads[_i].text, loads[_i].name, 1),
                     loads[_i].count);
    ck_assert_double_eq(item("osc:i32", 0), loads[_i].i32);
    ck_assert_double_eq(item("osc:f32", 0), loads[_i].f32);
    ck_assert_double_eq(item("keys:held", 0), loads[_i].held);
}
END_TEST

START_TEST(morphs)
{
    set_item("osc:f32", 0, 0);
    ck_assert_int_eq(fake_preset_load(patch,
                                      "{\"osc:f32\": {\"value\": 1},"
                                      " \"osc:i32\": {\"value\": 4}}",
                                      NULL, 4),
                     2);
    ck_assert_double_eq(item("osc:i32", 0), 4);
    for (int i = 1; i <= 4; i++) {
        ck_assert(fake_process(patch, NULL, outs));
        ck_assert_double_eq(item("osc:f32", 0), 0.25 * i);
    }
}
END_TEST

START_TEST(names_presets)
{
    static const char file[] = "{\"soft \\\"1\\\"\": {}, \"b\": 3}";
    char name[9];
    ck_assert_int_eq(fake_preset_name(file, 0, name, sizeof(name)), 2);
    ck_assert_str_eq(name, "soft \"1\"");
    ck_assert_int_eq(fake_preset_name(file, 1, name, sizeof(name)), 2);
    ck_assert_str_eq(name, "b");
    ck_assert_int_eq(fake_preset_name(file, 2, name, sizeof(name)), 2);
    ck_assert_str_eq(name, "");
    ck_assert_int_eq(fake_preset_name(file, 0, NULL, 0), 2);
    ck_assert_int_eq(fake_preset_name("{", 0, name, sizeof(name)), -1);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("library_presets");
    TCase *tcase = tcase_create("library");
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, saves_presets);
    tcase_add_test(tcase, loads_what_it_saved);
    tcase_add_loop_test(tcase, loads_presets, 0, LOADS);
    tcase_add_test(tcase, morphs);
    tcase_add_test(tcase, names_presets);
    suite_add_tcase(suite, tcase);
    return suite;
}
