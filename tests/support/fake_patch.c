/* SPDX-License-Identifier: MIT */
#include "fake_patch.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef FAKE_NAMELESS
# include "fake_names.h"
#endif
#include "f4e_patch.h"
#include "rt/trap.h"

#ifndef FAKE_OUTPUTS
# define FAKE_OUTPUTS 2
#endif

static uint8_t memory[FAKE_MEMORY_BYTES];
static uint8_t second[FAKE_SECOND_BYTES];

static int32_t get_i32(unsigned address)
{
    int32_t value;
    memcpy(&value, memory + address, sizeof(value));
    return value;
}

static float get_f32(unsigned address)
{
    float value;
    memcpy(&value, memory + address, sizeof(value));
    return value;
}

static void set_i32(unsigned address, int32_t value)
{
    memcpy(memory + address, &value, sizeof(value));
}

static void set_f32(unsigned address, float value)
{
    memcpy(memory + address, &value, sizeof(value));
}

float fake_ramp(unsigned long frame)
{
    return (float)(frame % 1000) / 1000.0F - 0.5F;
}

static void fake_instantiate(void)
{
    memset(memory, 0, sizeof(memory));
    memset(second, 7, sizeof(second));
}

static void fake_init(void)
{
#ifdef FAKE_TRAPS_IN_INIT
    f4e_trap(F4E_TRAP_UNREACHABLE, "w2c_patch_fn0_initDefaults_0");
#else
    set_i32(FAKE_BLOCKS, 0);
    set_f32(FAKE_GAIN, 1.0F);
    set_i32(FAKE_TRAP_AT, -1);
    set_i32(FAKE_INITS, get_i32(FAKE_INITS) + 1);
    set_f32(FAKE_TINY_IN, 1.17549435e-38F);
#endif
}

static void fake_block(void)
{
    int32_t block = get_i32(FAKE_BLOCKS);
    float gain = get_f32(FAKE_GAIN);
    int32_t sleep_us = get_i32(FAKE_SLEEP_US);
    volatile float tiny = get_f32(FAKE_TINY_IN);
    tiny = tiny * 0.5F;
    set_f32(FAKE_TINY, tiny);
    if (sleep_us > 0) {
        static const char asleep[] = "asleep\n";
        struct timespec time = {sleep_us / 1000000, sleep_us % 1000000 * 1000L};
        if (time.tv_sec > 0) { /* for a test that waits until it hangs */
            (void)!write(2, asleep, sizeof(asleep) - 1);
        }
        (void)nanosleep(&time, NULL);
    }
#ifdef FAKE_SENDS
    for (int32_t i = 0; i < get_i32(FAKE_FLOOD); i++) {
        f4e_midi_out(0, i % 2 == 0 ? 0x90 : 0x80, (uint32_t)block & 127, 64);
    }
#endif
    for (unsigned i = 0; i < FAKE_BLOCK_FRAMES; i++) {
        if (i == 64 && block == get_i32(FAKE_TRAP_AT)) {
            f4e_trap(F4E_TRAP_DIV_BY_ZERO, "w2c_patch_fn3_main_0");
        }
        unsigned long frame = (unsigned long)block * FAKE_BLOCK_FRAMES + i;
        set_f32(FAKE_LEFT + 4 * i, fake_ramp(frame) + get_f32(FAKE_OFFSET));
        set_f32(FAKE_RIGHT + 4 * i, get_f32(FAKE_INPUT + 4 * i) * gain);
    }
    set_i32(FAKE_BLOCKS, block + 1);
}

static void call_note(const double *args, double *results)
{
    (void)results;
    int32_t count = get_i32(FAKE_NOTE_COUNT);
    for (int i = 0; i < 3 && count < 1000; i++) {
        memory[FAKE_NOTE_LOG + 3 * count + i] = (uint8_t)(int32_t)args[i];
    }
    set_i32(FAKE_NOTE_COUNT, count + 1);
    set_i32(FAKE_LAST_NOTE, (int32_t)args[2]);
}

static void call_level(const double *args, double *results)
{
    (void)results;
    set_f32(FAKE_FLOAT_ARG, (float)args[0]);
}

#ifdef FAKE_SENDS
static void call_send(const double *args, double *results)
{
    (void)results;
    f4e_midi_out((uint32_t)(int64_t)args[0], (uint32_t)(int64_t)args[1],
                 (uint32_t)(int64_t)args[2], (uint32_t)(int64_t)args[3]);
}
#endif

static void call_fail(const double *args, double *results)
{
    (void)results;
    (void)args;
    f4e_trap(F4E_TRAP_OOB, "w2c_fn9");
}

static const struct f4e_memory memories[] = {
    {"memory", memory, sizeof(memory)},
    {"scratch", second, sizeof(second)},
};
#if FAKE_OUTPUTS > 0
static const struct f4e_channel outputs[] = {{FAKE_LEFT}, {FAKE_RIGHT}};
#endif
static const struct f4e_channel inputs[] = {{FAKE_INPUT}};
static const uint8_t asset_bytes[] = {'a', 's', 's', 'e', 't'};
static const struct f4e_asset assets[] = {
    {FAKE_ASSET, sizeof(asset_bytes), asset_bytes}};
static const struct f4e_export exports[] = {
    {"note", "iii:", 3, call_note},
    {"level", "f:d", 1, call_level},
    {"fail", ":", 0, call_fail},
#ifdef FAKE_SENDS
    {"send", "iiii:", 4, call_send},
#endif
};
static const struct f4e_function_name function_names[] = {{0, "initDefaults"},
                                                          {3, "main"}};

const struct f4e_patch f4e_patch = {
    .name = "fake \"ramp\"",
    .wasm_sha256 = "0123456789abcdef0123456789abcdef"
                   "0123456789abcdef0123456789abcdef",
    .built_with = "by hand",
    .target = "any",
#ifdef FAKE_TICK_MS
    .tick_ms = FAKE_TICK_MS,
    .sample_rate = (1000 + FAKE_TICK_MS - 1) / FAKE_TICK_MS,
    .block_frames = 1,
#else
    .sample_rate = FAKE_RATE,
    .block_frames = FAKE_BLOCK_FRAMES,
#endif
    .memories = memories,
    .memory_count = 2,
#if FAKE_OUTPUTS > 0
    .outputs = outputs,
#endif
    .output_count = FAKE_OUTPUTS,
    .inputs = inputs,
    .input_count = 1,
    .is_mono_duplicated = FAKE_OUTPUTS == 1,
    .assets = assets,
    .asset_count = 1,
    .exports = exports,
    .export_count = sizeof(exports) / sizeof(*exports),
#ifndef FAKE_NAMELESS
    .items = items,
    .item_count = sizeof(items) / sizeof(*items),
    .params = params,
    .param_count = sizeof(params) / sizeof(*params),
    .views = views,
    .view_count = sizeof(views) / sizeof(*views),
# ifndef FAKE_KEYLESS
    .midi = midi,
    .midi_count = sizeof(midi) / sizeof(*midi),
# endif
#endif
    .function_names = function_names,
    .function_name_count = 2,
#ifdef FAKE_SENDS
    .midi_out_ports = F4E_MIDI_PORTS,
#endif
#ifndef FAKE_KEYLESS
    .keyboard = {FAKE_KEY_CODE, FAKE_KEY_DOWN},
#endif
    .instantiate = fake_instantiate,
    .init = fake_init,
    .block = fake_block,
};
