/* SPDX-License-Identifier: MIT */
/* What a project or a manifest says meets the module, the probe and the flags.
 */
#include "describe/describe.h"
#include "suite.h"
#include "vector.h"

static struct arena arena;
static struct diag diag;
static struct patch patch;
static struct wasm_module module;
static struct manifest manifest;
static struct describe_flags flags;

/* One page; buffer calls main 128 times; behaves like an output at 1024. */
static const char tone[] =
    "(module (memory 1 1)"
    "(func $main (export \"main\")"
    " (f32.store offset=1024 (i32.shl (i32.load (i32.const 4)) (i32.const 2))"
    " (f32.const 0.5))"
    " (i32.store (i32.const 4) (i32.and (i32.const 127)"
    " (i32.add (i32.const 1) (i32.load (i32.const 4))))))"
    "(func (export \"buffer\") (local $n i32) (loop (call $main)"
    " (br_if 0 (i32.lt_u (local.tee $n (i32.add (local.get $n)"
    " (i32.const 1))) (i32.const 128)))))"
    "(func (export \"other\")))";

static void set_up(void)
{
    arena_init(&arena, 0);
    diag_init(&diag, "patch.wasm");
    wat_module(&module, tone, &arena);
    manifest = (struct manifest){.source = SOURCE_PROJECT, .file = "p.8f4e"};
    flags = (struct describe_flags){.manifest = &manifest};
}

static void tear_down(void)
{
    arena_deinit(&arena);
}

static bool describe(void)
{
    return patch_describe(&patch, &module, "patch.wasm", &flags, &arena, &diag);
}

static bool has_notice(const char *text)
{
    for (uint32_t i = 0; i < patch.notice_count; i++) {
        if (strstr(patch.notices[i], text) != NULL) {
            return true;
        }
    }
    return false;
}

START_TEST(an_empty_manifest_changes_nothing)
{
    struct patch bare;
    flags.manifest = NULL;
    ck_assert(describe());
    bare = patch;
    flags.manifest = &manifest;
    ck_assert(describe());
    ck_assert_uint_eq(patch.output_count, bare.output_count);
    ck_assert_uint_eq(patch.outputs[0].address, 1024);
    ck_assert_int_eq(patch.outputs[0].source, SOURCE_PROBE);
    ck_assert_uint_eq(patch.block_frames, bare.block_frames);
    ck_assert_int_eq(patch.block_source, bare.block_source);
    ck_assert_int_eq(patch.rate_source, bare.rate_source);
    ck_assert_str_eq(patch.name, bare.name);
    ck_assert(patch.is_mono_duplicated && patch.notice_count > 0);
}
END_TEST

START_TEST(channels_are_taken_to_the_letter)
{
    manifest.has_outputs = true;
    manifest.has_inputs = true;
    manifest.outputs[0] = (struct manifest_channel){PATCH_UNCONNECTED, NULL};
    manifest.outputs[1] = (struct manifest_channel){2048, "p.8f4e:3"};
    manifest.output_count = 2;
    ck_assert(describe());
    ck_assert_uint_eq(patch.output_count, 2);
    ck_assert_uint_eq(patch.outputs[0].address, PATCH_UNCONNECTED);
    ck_assert_uint_eq(patch.outputs[1].address, 2048);
    ck_assert_int_eq(patch.outputs[1].source, SOURCE_PROJECT);
    ck_assert_str_eq(patch.outputs[1].where, "p.8f4e:3");
    ck_assert_uint_eq(patch.input_count, 0);
    ck_assert(!patch.is_mono_duplicated);
}
END_TEST

START_TEST(one_output_plays_on_the_left_alone)
{
    manifest.has_outputs = true;
    manifest.outputs[0].address = 1024;
    manifest.output_count = 1;
    ck_assert(describe());
    ck_assert(patch.output_count == 1 && !patch.is_mono_duplicated);
    manifest.is_mono_duplicated = true;
    ck_assert(describe());
    ck_assert(patch.is_mono_duplicated);
}
END_TEST

/* Longer blocks need more room than whoever wrote the manifest thought of. */
static const struct {
    uint32_t address;
    uint32_t manifest_frames;
    uint32_t flag_frames;
    bool is_connected;
} rooms[] = {
    {65024, 0, 0, true},     {65028, 0, 0, false},   {65280, 64, 0, true},
    {65280, 64, 128, false}, {65024, 0, 129, false}, {0, 16384, 0, true},
    {4, 16384, 0, false},    {0, 0, 16385, false},   {0xfffffffe, 0, 0, false},
    {65532, 1, 0, true},
};

START_TEST(a_channel_without_room_is_not_connected)
{
    manifest.block_frames = rooms[_i].manifest_frames;
    manifest.has_outputs = true;
    manifest.has_inputs = true;
    manifest.outputs[0].address = rooms[_i].address;
    manifest.outputs[1].address = 1024;
    manifest.inputs[0].address = rooms[_i].address;
    manifest.output_count = manifest.input_count = 1;
    flags.block_frames = rooms[_i].flag_frames;
    ck_assert_msg(describe(), "%s", diag.text);
    ck_assert_uint_eq(patch.output_count, rooms[_i].is_connected);
    ck_assert_uint_eq(patch.input_count, rooms[_i].is_connected);
    ck_assert(has_notice("do not fit in memory 0: not connected") !=
              rooms[_i].is_connected);
}
END_TEST

START_TEST(flags_override_value_by_value)
{
    static const struct describe_channel out = {0, 512};
    manifest.has_outputs = true;
    manifest.has_inputs = true;
    manifest.outputs[0].address = 1024;
    manifest.inputs[0].address = 2048;
    manifest.output_count = manifest.input_count = 1;
    manifest.is_mono_duplicated = true;
    manifest.name = "said";
    manifest.name_where = "p:1";
    manifest.sample_rate = 8000;
    manifest.rate_where = "p:2";
    manifest.block_frames = 64;
    manifest.block_where = "p:3";
    ck_assert(describe());
    ck_assert_str_eq(patch.name, "said");
    ck_assert(patch.sample_rate == 8000 && patch.block_frames == 64);
    ck_assert_str_eq(patch.rate_where, "p:2");
    flags.name = "typed";
    flags.sample_rate = 16000;
    flags.block_frames = 32;
    flags.outputs = &out;
    flags.output_count = 1;
    ck_assert(describe());
    ck_assert_str_eq(patch.name, "typed");
    ck_assert(patch.sample_rate == 16000 && patch.block_frames == 32);
    ck_assert(patch.name_where == NULL && patch.rate_where == NULL &&
              patch.block_where == NULL);
    ck_assert_int_eq(patch.rate_source, SOURCE_FLAG);
    ck_assert_uint_eq(patch.outputs[0].address, 512);
    ck_assert(!patch.is_mono_duplicated);
    ck_assert_uint_eq(patch.inputs[0].address, 2048);
}
END_TEST

START_TEST(names_are_printable_whoever_gave_them)
{
    manifest.name = "a\"b\x1b[1m\xc3\xa9";
    ck_assert(describe());
    ck_assert_str_eq(patch.name, "a_b_[1m__");
}
END_TEST

START_TEST(an_entry_is_called_for_each_frame)
{
    manifest.entry = "other";
    ck_assert(describe());
    ck_assert(patch.is_driven_by_main);
    ck_assert_uint_eq(patch.main_function, 2);
    flags.entry = "main";
    ck_assert(describe());
    ck_assert_uint_eq(patch.main_function, 0);
    flags.entry = NULL;
    manifest.entry = "gone";
    ck_assert(!describe());
    ck_assert_ptr_nonnull(strstr(diag.text, "'gone'"));
}
END_TEST

static const struct {
    uint32_t tick_ms;
    uint32_t rate;
} ticks[] = {{1, 1000}, {16, 63}, {20, 50}, {1000, 1}, {1001, 1}};

START_TEST(a_timer_calls_main_and_has_no_audio)
{
    manifest.has_runtime = true;
    manifest.runtime = RUNTIME_TIMER;
    manifest.tick_ms = ticks[_i].tick_ms;
    manifest.runtime_where = "p.8f4e:9";
    manifest.has_outputs = manifest.has_inputs = true;
    ck_assert(describe());
    ck_assert(patch.is_driven_by_main && patch.main_function == 0);
    ck_assert_uint_eq(patch.block_frames, 1);
    ck_assert_uint_eq(patch.sample_rate, ticks[_i].rate);
    ck_assert_uint_eq(patch.tick_ms, ticks[_i].tick_ms);
    ck_assert_uint_eq(patch.output_count + patch.input_count, 0);
    ck_assert_uint_eq(patch.notice_count, 0);
}
END_TEST

START_TEST(a_timer_takes_no_flags_about_audio)
{
    static const struct describe_channel channel = {0, 512};
    static const char *const names[] = {"--block", "--rate", "--out", "--in"};
    manifest.has_runtime = true;
    manifest.runtime = RUNTIME_TIMER;
    manifest.tick_ms = 20;
    flags.block_frames = _i == 0 ? 64 : 0;
    flags.sample_rate = _i == 1 ? 8000 : 0;
    flags.outputs = flags.inputs = &channel;
    flags.output_count = _i == 2;
    flags.input_count = _i == 3;
    ck_assert(!describe());
    ck_assert_int_eq(diag.kind, DIAG_USAGE);
    ck_assert(strncmp(diag.text, names[_i], strlen(names[_i])) == 0);
    ck_assert_str_eq(diag.hint, "--no-project builds it for audio");
}
END_TEST

START_TEST(names_and_notices_are_handed_on)
{
    static const struct patch_item item = {
        .name = "a:b", .address = 4, .count = 1, .capacity = 4};
    static const struct patch_param param = {.max = 1};
    static const struct patch_midi midi = {2, "other", NULL};
    static const char *notice = "listen";
    manifest.items = &item;
    manifest.params = &param;
    manifest.midi = &midi;
    manifest.item_count = manifest.param_count = manifest.midi_count = 1;
    manifest.keyboard_code = 8;
    manifest.keyboard_pressed = 12;
    manifest.notices = &notice;
    manifest.notice_count = 1;
    ck_assert(describe());
    ck_assert(patch.items == &item && patch.item_count == 1);
    ck_assert(patch.params == &param && patch.param_count == 1);
    ck_assert(patch.midi == &midi && patch.midi_count == 1);
    ck_assert(patch.keyboard_code == 8 && patch.keyboard_pressed == 12);
    ck_assert_int_eq(patch.names_source, SOURCE_PROJECT);
    ck_assert_str_eq(patch.notices[0], "listen");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("describe_manifest");
    TCase *tests = tcase_create("describe_manifest");
    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, an_empty_manifest_changes_nothing);
    tcase_add_test(tests, channels_are_taken_to_the_letter);
    tcase_add_test(tests, one_output_plays_on_the_left_alone);
    tcase_add_loop_test(tests, a_channel_without_room_is_not_connected, 0,
                        sizeof(rooms) / sizeof(rooms[0]));
    tcase_add_test(tests, flags_override_value_by_value);
    tcase_add_test(tests, names_are_printable_whoever_gave_them);
    tcase_add_test(tests, an_entry_is_called_for_each_frame);
    tcase_add_loop_test(tests, a_timer_calls_main_and_has_no_audio, 0,
                        sizeof(ticks) / sizeof(ticks[0]));
    tcase_add_loop_test(tests, a_timer_takes_no_flags_about_audio, 0, 4);
    tcase_add_test(tests, names_and_notices_are_handed_on);
    suite_add_tcase(suite, tests);
    return suite;
}
