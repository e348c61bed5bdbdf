/* SPDX-License-Identifier: MIT */
/* The script that a patch is trained with: which callbacks and controls it
 * reaches, and that it stays within what a script may say. */
#include "suite.h"

#include "tune/scenario.h"
#include "vector.h"

#include <string.h>

static struct arena arena;
static struct wasm_module module;
static struct patch patch;
static const char *script;

static void setup(void)
{
    arena_init(&arena, 0);
    memset(&patch, 0, sizeof(patch));
    patch.module = &module;
    patch.init_function = UINT32_MAX;
    patch.buffer_function = UINT32_MAX;
    patch.main_function = UINT32_MAX;
}

static void teardown(void)
{
    arena_deinit(&arena);
}

static const char *write_script(uint32_t blocks)
{
    struct buf out;
    buf_init(&out, &arena);
    scenario_write(&out, &patch, blocks);
    return script = buf_string(&out);
}

static unsigned lines_with(const char *word)
{
    unsigned count = 0;
    for (const char *at = script; (at = strstr(at, word)) != NULL; at++) {
        count++;
    }
    return count;
}

static const char callbacks[] =
    "(module\n"
    " (func (export \"buffer\") (param i32 i32 i32))\n"
    " (func (export \"note\") (param i32 i32 i32))\n"
    " (func (export \"two\") (param i32 i32))\n"
    " (func (export \"float\") (param i32 i32 f32))\n"
    " (func (export \"four\") (param i32 i32 i32 i32))\n"
    " (func (export \"with blank\") (param i32 i32 i32))\n"
    " (func (export \"#comment\") (param i32 i32 i32))\n"
    " (func (export \"line\\nbreak\") (param i32 i32 i32))\n"
    " (func (export \"\") (param i32 i32 i32))\n"
    " (func (export \"bound\"))\n"
    " (memory (export \"memory\") 1 1))\n";

START_TEST(plays_what_is_shaped_like_a_callback)
{
    wat_module(&module, callbacks, &arena);
    patch.buffer_function = 0;
    write_script(1000);
    ck_assert_uint_eq(lines_with(" call note 144 "), 48);
    ck_assert_uint_eq(lines_with(" call note 128 "), 46);
    ck_assert_uint_eq(lines_with(" call note 176 "), 6);
    ck_assert_uint_eq(lines_with(" call note 224 "), 6);
    /* No other function, and no name that a script cannot say. */
    ck_assert_uint_eq(lines_with(" call "), 48 + 46 + 12);
    ck_assert_uint_eq(lines_with("\n"), lines_with(" call "));
}
END_TEST

/* Who says what is bound needs no guess; each port is played once. */
START_TEST(plays_the_ports_that_are_bound_and_no_other_callback)
{
    static const struct patch_midi midi[] = {
        {0, "bound", NULL}, {7, "two", NULL}, {0, "note", NULL}};
    wat_module(&module, callbacks, &arena);
    patch.midi = midi;
    patch.midi_count = 3;
    write_script(1000);
    ck_assert_uint_eq(lines_with(" midi 0 144 "), 48);
    ck_assert_uint_eq(lines_with(" midi 7 144 "), 48);
    ck_assert_uint_eq(lines_with("\n"), 2 * (48 + 46 + 12));
}
END_TEST

START_TEST(presses_keys_where_a_patch_sees_them)
{
    static const struct {
        uint32_t code;
        uint32_t pressed;
        unsigned lines;
    } rows[] = {{0, 0, 0}, {64, 0, 96}, {0, 64, 96}, {64, 68, 96}};
    wat_module(&module, "(module (memory 1 1))", &arena);
    patch.keyboard_code = rows[_i].code;
    patch.keyboard_pressed = rows[_i].pressed;
    write_script(4800);
    ck_assert_uint_eq(lines_with("\n"), rows[_i].lines);
    ck_assert_uint_eq(lines_with(" key down "), rows[_i].lines / 2);
    ck_assert_uint_eq(lines_with(" key up "), rows[_i].lines / 2);
}
END_TEST

START_TEST(events_are_inside_the_run_and_leave_its_start_idle)
{
    static const uint32_t lengths[] = {64, 100, 1000, 225000, UINT32_MAX};
    wat_module(&module, callbacks, &arena);
    patch.keyboard_code = 64;
    uint32_t blocks = lengths[_i];
    write_script(blocks);
    ck_assert_uint_gt(lines_with("\n"), 0);
    for (const char *line = script; *line != '\0';
         line = strchr(line, '\n') + 1) {
        char *end = NULL;
        unsigned long long block = strtoull(line, &end, 10);
        ck_assert_int_eq(*end, 'b');
        ck_assert_msg(block >= blocks / 8 && block < blocks, "%.40s", line);
    }
}
END_TEST

START_TEST(midi_data_has_seven_bits)
{
    wat_module(&module, callbacks, &arena);
    write_script(1000);
    for (const char *at = script; (at = strstr(at, " call note ")) != NULL;) {
        char *end = NULL;
        at += strlen(" call note ");
        unsigned long status = strtoul(at, &end, 10);
        unsigned long data1 = strtoul(end, &end, 10);
        unsigned long data2 = strtoul(end, &end, 10);
        ck_assert(status >= 128 && status < 256 && data1 < 128 && data2 < 128);
        ck_assert(status != 144 || data2 > 0);
        ck_assert_int_eq(*end, '\n');
    }
}
END_TEST

static const struct patch_item items[] = {
    {"m:slider", "float", 0, 100, 1, 4, F4E_F32, false, 0, F4E_I8},
    {"m:other", "int", 1, 104, 1, 4, F4E_I32, false, 0, F4E_I8},
    {"bare", "int", 0, 108, 1, 4, F4E_I32, false, 0, F4E_I8},
    {"#m:comment", "int", 0, 108, 1, 4, F4E_I32, false, 0, F4E_I8},
    {"@m:address", "int", 0, 108, 1, 4, F4E_I32, false, 0, F4E_I8},
    {"m:with blank", "int", 0, 108, 1, 4, F4E_I32, false, 0, F4E_I8},
};

static const struct {
    const char *name;
    enum f4e_param_kind kind;
    uint32_t item;
    const char *words[3]; /* that the script holds */
    unsigned lines;
} controls[] = {
    {"slider",
     F4E_SLIDER,
     0,
     {" set m:slider 0%\n", " set m:slider 100%\n", " set m:slider 50%\n"},
     48},
    {"button",
     F4E_BUTTON,
     1,
     {" set m:other on\n", " set m:other off\n", ""},
     48},
    {"switch",
     F4E_SWITCH,
     0,
     {" set m:slider on\n", " set m:slider off\n", ""},
     48},
    {"crossfade",
     F4E_CROSSFADE,
     1,
     {" set m:other 0%\n", " set m:other 100%\n", " set m:other 4.167%\n"},
     48},
    {"no module", F4E_SLIDER, 2, {"", "", ""}, 0},
    {"a comment", F4E_SLIDER, 3, {"", "", ""}, 0},
    {"an address", F4E_SLIDER, 4, {"", "", ""}, 0},
    {"two words", F4E_SLIDER, 5, {"", "", ""}, 0},
};

START_TEST(moves_a_control_through_its_range)
{
    const struct patch_param param = {.kind = controls[_i].kind,
                                      .item = controls[_i].item};
    wat_module(&module, "(module (memory 1 1))", &arena);
    patch.items = items;
    patch.item_count = sizeof(items) / sizeof(items[0]);
    patch.params = &param;
    patch.param_count = 1;
    write_script(4800);
    ck_assert_msg(lines_with("\n") == controls[_i].lines, "%s: %s",
                  controls[_i].name, script);
    for (size_t i = 0; i < 3; i++) {
        ck_assert_msg(strstr(script, controls[_i].words[i]) != NULL,
                      "%s: no '%s' in %s", controls[_i].name,
                      controls[_i].words[i], script);
    }
}
END_TEST

START_TEST(is_empty_for_a_patch_without_anything_to_do)
{
    wat_module(&module, "(module (memory 1 1))", &arena);
    ck_assert_str_eq(write_script(1000), "");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tcase = tcase_create("script");
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, plays_what_is_shaped_like_a_callback);
    tcase_add_test(tcase, plays_the_ports_that_are_bound_and_no_other_callback);
    tcase_add_loop_test(tcase, presses_keys_where_a_patch_sees_them, 0, 4);
    tcase_add_loop_test(
        tcase, events_are_inside_the_run_and_leave_its_start_idle, 0, 5);
    tcase_add_test(tcase, midi_data_has_seven_bits);
    tcase_add_loop_test(tcase, moves_a_control_through_its_range, 0,
                        sizeof(controls) / sizeof(controls[0]));
    tcase_add_test(tcase, is_empty_for_a_patch_without_anything_to_do);
    suite_add_tcase(suite, tcase);
    return suite;
}
