/* SPDX-License-Identifier: MIT */
#include "control/names.h"

#include "common/element.h"
#include "common/nearest.h"
#include "fake_patch.h"
#include "suite.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    uint32_t memory;
    uint32_t address;
    uint32_t first;
    uint32_t count;
    bool is_one;
    const char *full; /* as names_format() writes it */
} found[] = {
    {"amp:gain", 0, FAKE_GAIN, 0, 1, true, "amp:gain"},
    {"far:gain", 1, 8, 0, 1, true, "far:gain"},
    {"offset", 0, FAKE_OFFSET, 0, 1, true, "osc:offset"},
    {"offset[0]", 0, FAKE_OFFSET, 0, 1, true, "osc:offset"},
    {"table:i16", 0, FAKE_TABLE + 128, 0, 8, false, "table:i16"},
    {"table:i16[3]", 0, FAKE_TABLE + 134, 3, 5, true, "table:i16[3]"},
    {"i16[0x7]", 0, FAKE_TABLE + 142, 7, 1, true, "table:i16[7]"},
    {"wide:bytes", 0, FAKE_PANEL + 28, 0, 8, false, "wide:bytes"},
    /* As its slider writes it: one float, not eight of them. */
    {"wide:bytes[0]", 0, FAKE_PANEL + 28, 0, 1, true, "wide:bytes[0]"},
    {"wide:bytes[1]", 0, FAKE_PANEL + 29, 1, 7, true, "wide:bytes[1]"},
    {"table:none", 0, FAKE_TABLE + 460, 0, 0, false, "table:none"},
    {"a=b:c=d", 0, FAKE_TABLE + 464, 0, 1, true, "a=b:c=d"},
    {"@0x1c:f32", 0, 28, 0, 16377, true, "@0x1c:f32"},
    {"@28:f64", 0, 28, 0, 8188, true, "@0x1c:f64"},
    {"@65535:u8", 0, 65535, 0, 1, true, "@0xffff:u8"},
    {"@scratch:0x1c:i16", 1, 28, 0, 32754, true, "@scratch:0x1c:i16"},
    {"@1:0x1c:i8", 1, 28, 0, 65508, true, "@scratch:0x1c:i8"},
};

START_TEST(finds_names)
{
    struct place place;
    struct failure failure = {0};
    char text[64];
    ck_assert_msg(names_find(&f4e_patch, found[_i].name, &place, &failure),
                  "%s", failure.text);
    ck_assert_msg(place.memory == found[_i].memory &&
                      place.address == found[_i].address &&
                      place.first == found[_i].first &&
                      place.count == found[_i].count &&
                      place.is_one == found[_i].is_one,
                  "%s: %u:%u [%u] %u", found[_i].name, place.memory,
                  place.address, place.first, place.count);
    names_format(&f4e_patch, &place, text, sizeof(text));
    ck_assert_str_eq(text, found[_i].full);
    /* What is printed can be typed. */
    struct place again;
    ck_assert(names_find(&f4e_patch, text, &again, &failure));
    ck_assert_uint_eq(again.address, place.address);
}
END_TEST

static const struct {
    const char *name;
    const char *message;
    const char *hint;
} unknown[] = {
    {"", "the patch has no variable ''", "--list shows"},
    {"gain", "2 variables are called 'gain': amp:gain, far:gain", ""},
    {"gain[0]", "2 variables are called 'gain': amp:gain, far:gain", ""},
    {"amp:gian", "the patch has no variable 'amp:gian'", "mean amp:gain?"},
    {"ofset", "the patch has no variable 'ofset'", "mean osc:offset?"},
    {"table:f33[2]", "the patch has no variable 'table:f33'",
     "mean table:f32?"},
    {"something", "the patch has no variable 'something'", "--list shows"},
    {"table:i16[8]", "table:i16 has 8 elements, the first is table:i16[0]", ""},
    {"table:i16[99999999999999999999]", "the patch has no variable", ""},
    {"table:i16[-1]", "the patch has no variable 'table:i16[-1]'", ""},
    {"table:i16[]", "the patch has no variable 'table:i16[]'", ""},
    {"table:none[0]", "table:none has 0 elements", ""},
    {"[0]", "the patch has no variable '[0]'", ""},
    {"@", "'@' is not like @0x1c:f32", ""},
    {"@x:f32", "'@x:f32' is not like", ""},
    {"@28", "'@28' is not like", ""},
    {"@28:float", "'@28:float' is not like", ""},
    {"@-1:f32", "'@-1:f32' is not like", ""},
    {"@ 1:f32", "'@ 1:f32' is not like", ""},
    {"@65533:f32", "address 65533 lies outside memory, which has 65536", ""},
    {"@0xffffffffffffffff:f32", "address 0xffffffffffffffff lies outside", ""},
    {"@2:0:f32", "the patch has no memory '2'", ""},
    {"@none:0:f32", "the patch has no memory 'none'", ""},
};

START_TEST(says_what_is_wrong_with_a_name)
{
    struct place place;
    struct failure failure = {0};
    ck_assert_msg(!names_find(&f4e_patch, unknown[_i].name, &place, &failure),
                  "%s", unknown[_i].name);
    ck_assert_int_eq(failure.status, STATUS_USAGE);
    ck_assert_msg(strncmp(failure.text, unknown[_i].message,
                          strlen(unknown[_i].message)) == 0,
                  "%s", failure.text);
    ck_assert_msg(strstr(failure.hint, unknown[_i].hint) != NULL, "%s: '%s'",
                  unknown[_i].name, failure.hint);
}
END_TEST

START_TEST(lists_few_of_many_candidates)
{
    struct f4e_item items[9];
    char names[9][8];
    struct place place;
    struct failure failure = {0};
    for (int i = 0; i < 9; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "m%d:x", i);
        items[i] = f4e_patch.items[1];
        items[i].name = names[i];
    }
    struct f4e_patch patch = f4e_patch;
    patch.items = items;
    patch.item_count = 9;
    patch.param_count = 0;
    ck_assert(!names_find(&patch, "x", &place, &failure));
    ck_assert_str_eq(failure.text, "9 variables are called 'x': m0:x, m1:x, "
                                   "m2:x, m3:x, m4:x, m5:x, ...");
    failure = (struct failure){0};
    patch.item_count = 0;
    ck_assert(!names_find(&patch, "m0:x", &place, &failure));
    ck_assert_str_eq(failure.text,
                     "'m0:x': the patch has no variables with names");
    ck_assert_ptr_nonnull(strstr(failure.hint, "--project"));
    ck_assert(names_find(&patch, "@0:i8", &place, &failure));
}
END_TEST

/* Every item is found by its name, and every element lies in its memory. */
START_TEST(finds_every_item)
{
    for (unsigned i = 0; i < f4e_patch.item_count; i++) {
        const struct f4e_item *item = &f4e_patch.items[i];
        struct place place;
        struct failure failure = {0};
        ck_assert(names_has(&f4e_patch, item->name));
        ck_assert(names_find(&f4e_patch, item->name, &place, &failure));
        ck_assert_ptr_eq(place.item, item);
        ck_assert_uint_eq(place.count, item->count);
        for (uint32_t k = 0; k < item->count; k++) {
            char name[64];
            (void)snprintf(name, sizeof(name), "%s[%u]", item->name, k);
            ck_assert(names_find(&f4e_patch, name, &place, &failure));
            ck_assert_ptr_eq(names_at(&f4e_patch, &place, 0),
                             f4e_patch.memories[item->memory].data +
                                 item->address +
                                 (size_t)k * element_bytes(item->element));
        }
    }
}
END_TEST

START_TEST(measures_edits)
{
    ck_assert_uint_eq(nearest_distance("", ""), 0);
    ck_assert_uint_eq(nearest_distance("abc", "abc"), 0);
    ck_assert_uint_eq(nearest_distance("abc", "abd"), 1);
    ck_assert_uint_eq(nearest_distance("abc", "ac"), 1);
    ck_assert_uint_eq(nearest_distance("abc", "xabc"), 1);
    ck_assert_uint_eq(nearest_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(nearest_distance("", "four"), 4);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("names");
    TCase *tcase = tcase_create("all");
    tcase_add_loop_test(tcase, finds_names, 0, sizeof(found) / sizeof(*found));
    tcase_add_loop_test(tcase, says_what_is_wrong_with_a_name, 0,
                        sizeof(unknown) / sizeof(*unknown));
    tcase_add_test(tcase, lists_few_of_many_candidates);
    tcase_add_test(tcase, finds_every_item);
    tcase_add_test(tcase, measures_edits);
    suite_add_tcase(suite, tcase);
    return suite;
}
