/* SPDX-License-Identifier: MIT */
/*
 * The functions of a library, on a patch written by hand that has an item of
 * every kind.
 */
#include "fake_library.h"

#include "f4e_patch.h"
#include "rt/trap.h"
#include "suite.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { BYTES = 65536, FRAMES = 4, OUT = 1024, IN = 2048 };

/* What the patch does, at these bytes of its memory. */
enum { COUNT = 0, TRAP_AT = 4, SUM = 8, GAIN = 16, FIRST_ITEM = 256 };

static uint8_t memory[BYTES];
static uint8_t small[65536];
static bool is_trapping_in_init;

static int32_t load_i32(unsigned at)
{
    int32_t value;
    memcpy(&value, memory + at, sizeof(value));
    return value;
}

static void store_i32(unsigned at, int32_t value)
{
    memcpy(memory + at, &value, sizeof(value));
}

static void instantiate(void)
{
    store_i32(TRAP_AT, -1);
}

static void init(void)
{
    if (is_trapping_in_init) {
        f4e_trap(F4E_TRAP_UNREACHABLE, "w2c_fn0");
    }
    store_i32(COUNT, load_i32(COUNT) + 100);
}

static void block(void)
{
    int32_t count = load_i32(COUNT);
    if (count == load_i32(TRAP_AT)) {
        f4e_trap(F4E_TRAP_DIV_BY_ZERO, "w2c_fn1");
    }
    for (unsigned i = 0; i < FRAMES; i++) {
        float input;
        memcpy(&input, memory + IN + 4 * i, sizeof(input));
        float sample = (float)count + input;
        memcpy(memory + OUT + 4 * i, &sample, sizeof(sample));
    }
    store_i32(COUNT, count + 1);
}

/* Adds up what it is called with; undefined counts as 1000. */
static void add_three(const double *args, double *results)
{
    (void)results;
    for (unsigned i = 0; i < 3; i++) {
        store_i32(SUM, load_i32(SUM) * 10 +
                           (isnan(args[i]) ? 1000 : (int32_t)args[i]));
    }
}

static void trap_now(const double *args, double *results)
{
    (void)args;
    (void)results;
    f4e_trap(F4E_TRAP_OOB, "w2c_fn2");
}

static void never(const double *args, double *results)
{
    (void)args;
    (void)results;
    ck_abort_msg("called");
}

static void split(const double *args, double *results)
{
    results[0] = floor(args[0]);
    results[1] = args[0] - floor(args[0]);
}

static void seventeen(const double *args, double *results)
{
    (void)args;
    ck_assert_ptr_null(results);
}

/* Sends a note to port 5, and what is no message. */
static void send(const double *args, double *results)
{
    (void)results;
    f4e_midi_out(5, 0x90, (uint32_t)args[0], 100);
    f4e_midi_out(5, 0x10, 0, 0);
    f4e_midi_out(0, 0xf8, 0, 0);
}

static const struct f4e_memory memories[] = {{"memory", memory, BYTES},
                                             {"second", small, sizeof(small)}};
static const struct f4e_channel outputs[] = {{OUT}};
static const struct f4e_channel inputs[] = {{IN}};
static const struct f4e_export exports[] = {
    {"add", "ddd:", 3, add_three},
    {"trap", ":", 0, trap_now},
    {"many", "iiiiiiiiiiiiiiiii:", 17, never},
    {"split", "d:id", 1, split},
    {"seventeen", ":iiiiiiiiiiiiiiiii", 0, seventeen},
    {"send", "i:", 1, send},
};
static const struct f4e_midi midi[] = {{0, 0}, {1, 1}, {0, 0}};
static const struct f4e_item items[] = {
    {"osc:i8", "int8[]", 0, 256, 2, 2, F4E_I8, true},
    {"osc:u8", "int8u[]", 0, 260, 2, 2, F4E_U8, true},
    {"osc:i16", "int16[]", 0, 264, 2, 4, F4E_I16, true},
    {"osc:u16", "int16u[]", 0, 268, 2, 4, F4E_U16, true},
    {"osc:i32", "int", 0, 272, 1, 4, F4E_I32, false},
    {"osc:f32", "float", 0, 276, 1, 4, F4E_F32, false},
    {"osc:f64", "float64", 0, 280, 1, 8, F4E_F64, false},
    {"osc:gain", "float", 0, 288, 1, 4, F4E_F32, false},
    {"vcf:gain", "float", 1, 65532, 1, 4, F4E_F32, false},
    {"vcf:none", "int[]", 0, 65536, 0, 0, F4E_I32, true},
    {"keys:held", "int8[]", 0, 296, 3, 4, F4E_I8, true},
    {"osc:at", "float*", 0, 300, 1, 4, F4E_I32, false},
};
/* Items: 0 i8[2], 4 i32, 5 f32, 7 gain, 8 vcf:gain, 10 keys, 11 pointer. */
static const struct f4e_param params[] = {
    {.kind = F4E_SLIDER,
     .item = 5,
     .min = -1.0,
     .max = 3.0,
     .step = 0.5,
     .module = "osc"},
    {.kind = F4E_SWITCH,
     .item = 4,
     .off = 3.0,
     .on = 5.0,
     .module = "osc",
     .order = 1},
    {.kind = F4E_CROSSFADE,
     .item = 7,
     .item2 = 8,
     .min = -1.0,
     .max = 1.0,
     .module = "mix",
     .order = 2},
    {.kind = F4E_SLIDER,
     .item = 4,
     .min = 0.0,
     .max = 1.0,
     .is_float_bits = true,
     .module = "",
     .order = 5},
};
static const struct f4e_view views[] = {
    {.kind = F4E_WATCH,
     .format = F4E_ADDRESS,
     .element = F4E_F32,
     .item = 5,
     .count = 1,
     .count_item = F4E_NO_ITEM,
     .cursor_item = F4E_NO_ITEM,
     .rows = 1,
     .module = "osc",
     .order = 3},
    {.kind = F4E_WAVE,
     .element = F4E_F32,
     .is_pointee = true,
     .item = 11,
     .count = 4,
     .count_item = F4E_NO_ITEM,
     .cursor_item = 4,
     .min = -1.0,
     .max = 1.0,
     .rows = 2,
     .module = "osc",
     .order = 4},
    {.kind = F4E_PIANO,
     .element = F4E_I8,
     .item = 10,
     .count = 3,
     .count_item = 4,
     .cursor_item = F4E_NO_ITEM,
     .first_key = 48,
     .rows = 5,
     .module = "keys",
     .order = 6},
};
static const uint8_t asset[] = {7, 8};
static const struct f4e_asset assets[] = {{GAIN, 2, asset}};

const struct f4e_patch f4e_patch = {
    .name = "by hand",
    .wasm_sha256 = "00",
    .built_with = "hands",
    .target = "any",
    .sample_rate = 48000,
    .block_frames = FRAMES,
    .memories = memories,
    .memory_count = 2,
    .outputs = outputs,
    .output_count = 1,
    .inputs = inputs,
    .input_count = 1,
    .assets = assets,
    .asset_count = 1,
    .exports = exports,
    .export_count = sizeof(exports) / sizeof(*exports),
    .items = items,
    .item_count = sizeof(items) / sizeof(*items),
    .midi_out_ports = F4E_MIDI_PORTS,
    .midi = midi,
    .midi_count = 3,
    .params = params,
    .param_count = sizeof(params) / sizeof(*params),
    .views = views,
    .view_count = sizeof(views) / sizeof(*views),
    .instantiate = instantiate,
    .init = init,
    .block = block,
};

static struct fake *patch;

static void set_up(void)
{
    is_trapping_in_init = false;
    patch = fake_create();
    ck_assert_ptr_nonnull(patch);
}

static void tear_down(void)
{
    fake_destroy(patch);
}

static float out[FRAMES];
static float *const outs[] = {out};

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
    const float in[FRAMES] = {0.0F, 0.25F, 0.5F, 0.75F};
    const float *const ins[] = {in};
    const float *const none[] = {NULL};
    ck_assert(fake_process(patch, ins, outs));
    ck_assert_double_eq((double)out[3], 100.75);
    ck_assert(fake_process(patch, none, outs));
    ck_assert_double_eq((double)out[3], 101.75); /* what was there before */
    ck_assert_uint_eq(fake_blocks(patch), 2);
    ck_assert_str_eq(fake_error(patch), "");
    struct f4e_library_info info = fake_info();
    ck_assert_uint_eq(info.block_frames, FRAMES);
    ck_assert_uint_eq(info.items, sizeof(items) / sizeof(*items));
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
    uint8_t before[BYTES];
    memcpy(before, memory, BYTES);
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
                                    BYTES - about.address - size),
                             0);
        }
    } else {
        ck_assert_int_eq(memcmp(before, memory, BYTES), 0);
    }
}
END_TEST

START_TEST(refuses_what_is_not_there)
{
    double value = 0;
    struct f4e_library_item about;
    char byte = 0;
    int count = (int)(sizeof(items) / sizeof(*items));
    ck_assert(!fake_item(-1, &about) && !fake_item(count, &about));
    ck_assert(!fake_set(patch, -1, 0, 0) && !fake_set(patch, count, 0, 0));
    ck_assert(!fake_get(patch, -1, 0, &value));
    ck_assert(!fake_get(patch, 0, 2, &value));
    ck_assert(fake_write(patch, 0, BYTES, &byte, 0));
    ck_assert(!fake_write(patch, 0, BYTES, &byte, 1));
    ck_assert(!fake_write(patch, 0, BYTES + 1, &byte, 0));
    ck_assert(!fake_write(patch, 0, 1, &byte, SIZE_MAX));
    ck_assert(!fake_write(patch, 2, 0, &byte, 1));
    ck_assert(!fake_read(patch, 2, 0, &byte, 1));
    ck_assert(!fake_read(patch, 0, UINT32_MAX, &byte, 2));
    ck_assert(fake_read(patch, 1, 65535, &byte, 1));
    ck_assert(!fake_call(patch, -1, NULL, 0));
    ck_assert(!fake_call(patch, sizeof(exports) / sizeof(*exports), NULL, 0));
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

static const struct {
    int param;
    double share;
    bool is_good;
    double item, now; /* what is written, and where it stands then */
} moves[] = {
    {0, 0.0, true, -1.0, 0.0},         {0, 1.0, true, 3.0, 1.0},
    {0, 0.5, true, 1.0, 0.5},          {0, 0.55, true, 1.0, 0.5}, /* in steps */
    {0, -9.0, true, -1.0, 0.0},        {0, 9.0, true, 3.0, 1.0},
    {1, 1.0, true, 5.0, 1.0},          {1, 0.49, true, 3.0, 0.0},
    {2, 0.25, true, 0.75, 0.25},       {3, 0.5, true, 0x3f000000, 0.5},
    {-1, 0.0, false, 0.0, 0.0},        {4, 0.0, false, 0.0, 0.0},
    {0, (double)NAN, false, 0.0, 0.0},
};

START_TEST(moves_parameters)
{
    struct f4e_library_param about;
    double value = 0.0;
    double share = 4711.0;
    bool is_good = fake_param_set(patch, moves[_i].param, moves[_i].share);
    ck_assert(is_good == moves[_i].is_good);
    if (!is_good) {
        return;
    }
    ck_assert(fake_param(moves[_i].param, &about));
    ck_assert(fake_get(patch, about.item, 0, &value));
    ck_assert_double_eq(value, moves[_i].item);
    ck_assert(fake_param_get(patch, moves[_i].param, &share));
    ck_assert_double_eq(share, moves[_i].now);
    if (about.item2 >= 0) {
        ck_assert(fake_get(patch, about.item2, 0, &value));
        ck_assert_double_eq(value, 1.0 - moves[_i].item);
    }
}
END_TEST

START_TEST(describes_parameters_and_views)
{
    struct f4e_library_param param;
    struct f4e_library_view view;
    double share = 0.0;
    struct f4e_library_info info = fake_info();
    ck_assert_uint_eq(info.params, 4);
    ck_assert_uint_eq(info.views, 3);
    ck_assert(fake_param(1, &param));
    ck_assert_str_eq(param.kind, "switch");
    ck_assert_str_eq(param.name, "osc:i32");
    ck_assert_str_eq(param.module, "osc");
    ck_assert(param.lowest == 3.0 && param.highest == 5.0 &&
              param.item2 == -1 && param.order == 1);
    ck_assert(fake_view(1, &view));
    ck_assert_str_eq(view.kind, "wave");
    ck_assert_str_eq(view.format, "decimal");
    ck_assert_str_eq(view.name, "osc:at");
    ck_assert(view.lowest == -1.0 && view.highest == 1.0 && view.rows == 2 &&
              view.order == 4 && view.item == 11 && view.is_float);
    ck_assert(fake_view(2, &view) && view.first_key == 48 && !view.is_float);
    ck_assert(!fake_param(4, &param) && !fake_param(-1, &param));
    ck_assert(!fake_view(3, &view) && !fake_view(-1, &view));
    ck_assert(!fake_param_get(patch, 4, &share));
    /* A switch at neither value is not on. */
    store_i32(272, 4);
    ck_assert(fake_param_get(patch, 1, &share) && share == 0.0);
}
END_TEST

START_TEST(reads_views)
{
    float seen[8] = {0};
    uint32_t cursor = 0;
    ck_assert_uint_eq(fake_view_read(patch, 0, seen, 8, &cursor), 1);
    ck_assert(seen[0] == 276.0F && cursor == F4E_LIBRARY_NO_CURSOR);
    ck_assert_uint_eq(fake_view_read(patch, 0, seen, 0, NULL), 1);
    for (int i = 0; i < 4; i++) {
        float sample = (float)i / 4;
        memcpy(memory + 400 + 4 * i, &sample, sizeof(sample));
    }
    store_i32(300, 400);
    store_i32(272, 408);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 2, &cursor), 4);
    ck_assert(seen[1] == 0.25F && seen[2] == 0.0F && cursor == 2);
    store_i32(300, BYTES - 8);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 8, NULL), 2);
    store_i32(300, -1);
    ck_assert_uint_eq(fake_view_read(patch, 1, seen, 8, &cursor), 0);
    ck_assert_uint_eq(cursor, F4E_LIBRARY_NO_CURSOR);
    ck_assert_uint_eq(fake_view_read(patch, 9, seen, 8, &cursor), 0);
    ck_assert_uint_eq(fake_view_read(patch, -1, NULL, 0, NULL), 0);
}
END_TEST

START_TEST(plays_the_piano)
{
    float held[4] = {0};
    store_i32(272, 0);
    for (int key = 60; key < 65; key++) {
        ck_assert(fake_piano(patch, 2, key, true));
    }
    ck_assert_uint_eq(fake_view_read(patch, 2, held, 4, NULL), 3);
    ck_assert(fake_piano(patch, 2, 60, false));
    ck_assert_uint_eq(fake_view_read(patch, 2, held, 4, NULL), 2);
    ck_assert(held[0] == 61.0F && held[1] == 62.0F);
    ck_assert(!fake_piano(patch, 2, 128, true));
    ck_assert(!fake_piano(patch, 1, 60, true));
    ck_assert(!fake_piano(patch, 3, 60, true));
    ck_assert_int_eq(load_i32(272), 2);
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
    static uint8_t before[BYTES];
    char text[2048];
    for (unsigned i = FIRST_ITEM; i < FIRST_ITEM + 48; i++) {
        memory[i] = (uint8_t)(i * 7);
    }
    memcpy(before, memory, BYTES);
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
    tcase_add_loop_test(tcase, moves_parameters, 0,
                        sizeof(moves) / sizeof(*moves));
    tcase_add_test(tcase, describes_parameters_and_views);
    tcase_add_test(tcase, saves_presets);
    tcase_add_test(tcase, loads_what_it_saved);
    tcase_add_loop_test(tcase, loads_presets, 0, LOADS);
    tcase_add_test(tcase, morphs);
    tcase_add_test(tcase, names_presets);
    tcase_add_test(tcase, reads_views);
    tcase_add_test(tcase, plays_the_piano);
    tcase_add_test(tcase, hands_on_what_the_patch_sends);
    suite_add_tcase(suite, tcase);
    return suite;
}
