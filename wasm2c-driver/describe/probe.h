/* SPDX-License-Identifier: MIT */
/*
 * The probe: run some blocks of a patch in the interpreter, in a child process
 * with limits on time, memory and instructions, and report the parts of memory
 * 0 that are accessed like audio buffers.
 */
#ifndef F4E_PROBE_H
#define F4E_PROBE_H

#include "describe/access_pattern.h"
#include "patch.h"

enum {
    PROBE_MAX_BUFFERS = 64, /* listed; more are counted */
    PROBE_BLOCKS = 64,      /* at most */
    PROBE_MIN_BLOCKS = 4,   /* while the hard limit allows */
    /* Instructions. Beyond the soft limit no block is begun after the minimum;
     * beyond the hard limit the patch counts as endless. */
    PROBE_SOFT_FUEL = 15000000,
    PROBE_HARD_FUEL = 200000000,
    PROBE_TIMEOUT_MS = 20000,
};

/* The functions to call and the memory to prepare. */
struct probe_plan {
    uint32_t init_function; /* UINT32_MAX: none, as in struct patch */
    uint32_t buffer_function;
    uint32_t main_function;
    bool is_driven_by_main;
    uint32_t block_frames;
    uint32_t other_frames; /* to try where nothing of block_frames is found */
    const struct patch_asset *assets;
    uint32_t asset_count;
};

enum probe_end {
    PROBE_DONE,
    PROBE_TRAPPED,
    PROBE_ENDLESS,
    PROBE_REFUSED, /* cannot be instantiated; the reason is in 'text' */
};

enum probe_stage {
    PROBE_START, /* the start function */
    PROBE_INIT,
    PROBE_BLOCK,
};

/* Plain data without pointers: sent through a pipe. */
struct probe_result {
    enum probe_end end;
    enum probe_stage stage;   /* where it trapped or did not end */
    uint32_t block;           /* from 1, in stage PROBE_BLOCK */
    uint32_t function;        /* index */
    uint64_t offset;          /* of the instruction, in the file */
    char text[256];           /* "divide by zero", … */
    uint32_t blocks_recorded; /* complete, without the first */
    uint32_t block_frames;    /* length of the buffers below */
    uint32_t main_calls;      /* of main in a block */
    uint32_t output_count;
    uint32_t input_count;
    struct access_pattern_buffer outputs[PROBE_MAX_BUFFERS];
    struct access_pattern_buffer inputs[PROBE_MAX_BUFFERS];
};

/*
 * Run the plan on a supported, validated module. True when the child ended by
 * itself or by a limit; see 'end'. Fails (system) when it could not be started,
 * or on an interrupt.
 */
F4E_MUST_CHECK bool probe_run(struct probe_result *result,
                              const struct wasm_module *module,
                              const struct probe_plan *plan,
                              struct arena *arena, struct diag *diag);

#endif
