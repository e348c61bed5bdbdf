/* SPDX-License-Identifier: MIT */
#include "library_patch.h"

#include "f4e_patch.h"
#include "rt/trap.h"
#include "suite.h"

#include <math.h>
#include <string.h>

/* Where its output and its input are. */
enum { OUT = 1024, IN = 2048 };

uint8_t memory[LIBRARY_BYTES];
uint8_t small[LIBRARY_BYTES];
bool is_trapping_in_init;

int32_t load_i32(unsigned at)
{
    int32_t value;
    memcpy(&value, memory + at, sizeof(value));
    return value;
}

void store_i32(unsigned at, int32_t value)
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
    for (unsigned i = 0; i < LIBRARY_FRAMES; i++) {
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

static const struct f4e_memory memories[] = {{"memory", memory, LIBRARY_BYTES},
                                             {"second", small, sizeof(small)}};
static const struct f4e_channel outputs[] = {{OUT}};
static const struct f4e_channel inputs[] = {{IN}};
static const struct f4e_export exports[LIBRARY_EXPORTS] = {
    {"add", "ddd:", 3, add_three},
    {"trap", ":", 0, trap_now},
    {"many", "iiiiiiiiiiiiiiiii:", 17, never},
    {"split", "d:id", 1, split},
    {"seventeen", ":iiiiiiiiiiiiiiiii", 0, seventeen},
    {"send", "i:", 1, send},
};
static const struct f4e_midi midi[] = {{0, 0}, {1, 1}, {0, 0}};
static const struct f4e_item items[LIBRARY_ITEMS] = {
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
    .block_frames = LIBRARY_FRAMES,
    .memories = memories,
    .memory_count = 2,
    .outputs = outputs,
    .output_count = 1,
    .inputs = inputs,
    .input_count = 1,
    .assets = assets,
    .asset_count = 1,
    .exports = exports,
    .export_count = LIBRARY_EXPORTS,
    .items = items,
    .item_count = LIBRARY_ITEMS,
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

struct fake *patch;

void set_up(void)
{
    is_trapping_in_init = false;
    patch = fake_create();
    ck_assert_ptr_nonnull(patch);
}

void tear_down(void)
{
    fake_destroy(patch);
}

float out[LIBRARY_FRAMES];
float *const outs[] = {out};
