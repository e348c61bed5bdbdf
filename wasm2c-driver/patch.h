/* SPDX-License-Identifier: MIT */
/*
 * The patch description: plain data that every stage after describe reads. Each
 * value remembers where it came from.
 */
#ifndef F4E_DRIVER_PATCH_H
#define F4E_DRIVER_PATCH_H

#include "wasm.h"

/* In ascending order of authority: a later one overrides an earlier one. */
enum patch_source {
    SOURCE_DEFAULT,
    SOURCE_MODULE, /* facts in the module's bytes */
    SOURCE_PROBE,  /* behaviour seen when the module ran */
    SOURCE_PROJECT,
    SOURCE_FLAG,
};

/* Which compiler wrote the module (CONTRACT: older modules). */
enum patch_generation {
    GENERATION_CURRENT, /* host.memory, initDefaults */
    GENERATION_JS,      /* js.memory, init / cycle / buffer */
    GENERATION_OTHER,   /* neither: hand-written or another compiler */
};

enum {
    PATCH_MAX_CHANNELS = 64,
    PATCH_DEFAULT_BLOCK_FRAMES = 128,
    PATCH_DEFAULT_RATE_HZ = 48000,
};

/* 'block_frames' 32-bit floats at byte 'address' of memory 0. */
struct patch_channel {
    uint32_t channel; /* 0 = left */
    uint32_t address; /* bytes */
    enum patch_source source;
};

/* Raw bytes placed in memory 0 after initDefaults. */
struct patch_asset {
    uint32_t address; /* bytes */
    const char *file; /* as the user typed it */
    const uint8_t *bytes;
    uint32_t size;
};

struct patch {
    const struct wasm_module *module;
    const char *name; /* printable */
    enum patch_source name_source;
    enum patch_generation generation;

    /* Function indices; UINT32_MAX when absent. */
    uint32_t init_function;   /* initDefaults or init */
    uint32_t buffer_function; /* buffer */
    uint32_t main_function;   /* main or cycle, or --entry */
    bool is_driven_by_main;   /* a block is block_frames x main */

    uint32_t block_frames;
    enum patch_source block_source;
    uint32_t sample_rate; /* Hz */
    enum patch_source rate_source;

    struct patch_channel outputs[PATCH_MAX_CHANNELS]; /* channel k at [k] */
    uint32_t output_count;
    struct patch_channel inputs[PATCH_MAX_CHANNELS];
    uint32_t input_count;
    bool is_mono_duplicated; /* one output found by the probe: both speakers */

    struct patch_asset *assets;
    uint32_t asset_count;

    bool is_recursive; /* the call graph has a cycle or is very deep */

    /* Things the user should hear about, in order; text in the arena. */
    const char **notices;
    uint32_t notice_count;
};

#endif
