/* SPDX-License-Identifier: MIT */
/*
 * Stage 'translate': a normalised module → C, by wabt's wasm2c. Its functions
 * are kept; the prologue of helpers that it pastes into every file gives way to
 * shim/rt/wasm_rt.h. Symbol names differ between versions of wabt, so they are
 * read from the generated header.
 */
#ifndef F4E_TRANSLATE_H
#define F4E_TRANSLATE_H

#include "translate/normalise.h"

enum {
    /* Segments above this are not C text but files beside it, data<k>.bin: the
     * compiler would take seconds for each megabyte. */
    TRANSLATE_INLINE_BYTES = 4096,
};

/* Names of the files that wasm_translate() writes; NULL at the end. */
extern const char *const translate_files[];

/* Names in the C that wasm2c wrote; all in the arena. */
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
 * Run 'wasm2c' (a path) in 'directory', an existing private one, where it
 * variants module.wasm. 'module' is the original, for counts and memory sizes.
 * Fails (tool) when wasm2c fails or writes C of a shape that is not known.
 */
F4E_MUST_CHECK bool wasm_translate(struct translation *translation,
                                   const struct wasm_module *module,
                                   const struct normalised *normalised,
                                   const char *wasm2c, const char *directory,
                                   struct arena *arena, struct diag *diag);

#endif
