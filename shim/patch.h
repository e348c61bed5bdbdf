/* SPDX-License-Identifier: MIT */
/*
 * The contract between a generated patch and the shim: one constant table that
 * says all the shim must know. Generated glue defines `f4e_patch`; the shim
 * reads it. This is the only shim header that glue may include.
 */
#ifndef F4E_PATCH_H
#define F4E_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One linear memory: whole 64 KiB pages, zero before instantiate(). */
struct f4e_memory {
    const char *name; /* the import's field name, printable */
    uint8_t *data;
    uint64_t bytes; /* multiple of 65536, may be 0 */
};

/*
 * Audio channel k is the k-th element of its list. Each is a run of
 * `block_frames` 32-bit floats in memory 0 at byte `address`; the builder has
 * checked that the run lies inside the memory.
 */
struct f4e_channel {
    uint32_t address; /* bytes */
};

/* Raw bytes copied into memory 0 after initDefaults. */
struct f4e_asset {
    uint32_t address; /* bytes; address + size lies inside memory 0 */
    uint32_t size;    /* bytes */
    const uint8_t *data;
};

/*
 * An exported function. 'call' converts as a JavaScript host does: each
 * argument is a number; integer parameters take it modulo 2^32. Results are
 * ignored. 'args' holds 'params' numbers.
 */
struct f4e_export {
    const char *name;      /* as in the module, raw: UTF-8, any character */
    const char *signature; /* parameters, ':', results: "iif:d"; i f d l */
    unsigned params;
    void (*call)(const double *args);
};

/* The display name of a function, for trap messages. */
struct f4e_function_name {
    uint32_t index; /* in the module's function index space */
    const char *name;
};

struct f4e_patch {
    const char *name;        /* printable, not empty */
    const char *wasm_sha256; /* 64 hex digits, of the module as given */
    const char *built_with;  /* "f4e-build 0.1.0, wabt 1.0.32, clang 19.1.7" */
    const char *target;      /* "x86_64-linux-gnu", CPU after a comma */
    uint32_t sample_rate;    /* Hz, > 0 */
    uint32_t block_frames;   /* frames that one block() call renders, > 0 */
    bool is_driven_by_main;  /* no `buffer` export: a block is N x main */
    bool is_recursive;       /* functions may recurse: wants a large stack */

    const struct f4e_memory *memories;
    unsigned memory_count;
    const struct f4e_channel *outputs;
    unsigned output_count;
    const struct f4e_channel *inputs;
    unsigned input_count;
    /* True: a single output plays on both speakers. */
    bool is_mono_duplicated;
    const struct f4e_asset *assets;
    unsigned asset_count;
    const struct f4e_export *exports;
    unsigned export_count;
    const struct f4e_function_name *function_names;
    unsigned function_name_count;

    /* Each may trap: call them inside f4e_guard(). */
    void (*instantiate)(void); /* active data segments, start function */
    void (*init)(void);        /* initDefaults; NULL when absent */
    void (*block)(void);       /* renders block_frames frames; never NULL */
};

extern const struct f4e_patch f4e_patch;

#endif
