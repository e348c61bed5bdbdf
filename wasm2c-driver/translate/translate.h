/* SPDX-License-Identifier: MIT */
/*
 * Stage 'translate': a normalised module to C, by wabt's wasm2c. The generated
 * functions are kept; the prologue of helper macros is replaced by
 * shim/rt/wasm_rt.h. Symbol names, which depend on wabt's version, are read
 * from the generated header.
 */
#ifndef F4E_TRANSLATE_H
#define F4E_TRANSLATE_H

#include "translate/normalise.h"

enum {
    /* Larger segments are files, data<k>.bin: as C text they take seconds to
     * compile for each megabyte. */
    TRANSLATE_INLINE_BYTES = 4096,
};

/* Names of the files that wasm_translate() writes; NULL at the end. */
extern const char *const translate_files[];

/* The C text and its symbols; all in the arena. */
struct translation {
    const char *source;        /* module.c, ready to compile */
    const char *header;        /* module.h */
    const char *wabt_version;  /* "1.0.32" */
    const char *instance_type; /* C type of the instance */
    const char *init_module;   /* function without arguments, or NULL */
    const char *instantiate;   /* function (instance *[, host *]) */
    bool instantiate_takes_host;
    /* By index into the original module's exports; NULL: not a function. */
    const char **export_symbols;
    /* Of the block's function with proven ranges, and of those that fill the
     * words it keeps and put them back; NULL: there are none. */
    const char *proven_symbol;
    const char *load_promoted_symbol;
    const char *store_promoted_symbol;
    /* By imported function index: the whole prototype without the ';'. The
     * range function comes after all others, where there is one. */
    const char **import_prototypes;
};

/*
 * Run 'wasm2c' (a path) in the existing 'directory'. 'module' is the original
 * one. Fails (tool) when wasm2c fails or its output has an unknown form,
 * (system) when a file cannot be written.
 */
F4E_MUST_CHECK bool wasm_translate(struct translation *translation,
                                   const struct wasm_module *module,
                                   const struct normalised *normalised,
                                   const char *wasm2c, const char *directory,
                                   struct arena *arena, struct diag *diag);

#endif
