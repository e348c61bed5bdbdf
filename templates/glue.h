/* SPDX-License-Identifier: MIT */
/*
 * Stage 'generate': struct patch and the symbols of the translation become
 * glue.c, the constant table that the shim reads, and f4e-imports.h, the
 * prototypes that a file of --import-c defines.
 */
#ifndef F4E_GLUE_H
#define F4E_GLUE_H

#include "patch.h"
#include "translate/translate.h"

/* How one imported function is provided. */
enum glue_import {
    GLUE_IMPORT_MISSING,
    GLUE_IMPORT_STUB, /* does nothing, returns 0 */
    GLUE_IMPORT_C,    /* defined in the user's C file */
    GLUE_IMPORT_MIDI, /* sends MIDI; midi_import.h */
    /* Likewise, unless the user's C file defines it. */
    GLUE_IMPORT_MIDI_OR_C,
};

struct glue_options {
    const char *build_version;       /* of f4e-build */
    const enum glue_import *imports; /* one per imported function */
    const struct ranges *ranges;     /* with proven ranges, or NULL */
    bool is_checking;                /* trap where a range does not hold */
};

/*
 * Append the C text of the glue. It includes asset<k>.bin, which the caller
 * writes to the same folder. Fails (tool) when the template is damaged.
 */
F4E_MUST_CHECK bool glue_generate(struct buf *out, const struct patch *patch,
                                  const struct translation *translation,
                                  const struct glue_options *options,
                                  struct arena *arena, struct diag *diag);

/*
 * The C prototype that provides imported function 'index':
 * "int32_t f4e_import_random(void);" (with a struct definition before it when
 * it has several results). In the arena.
 */
const char *glue_import_prototype(const struct wasm_module *module,
                                  uint32_t index, struct arena *arena);

/* The first import of the module, name and signature that import 'index' has:
 * one C function serves all of them. */
uint32_t glue_import_first(const struct wasm_module *module, uint32_t index);

/* "f4e_import_random": the name alone. In the arena. */
const char *glue_import_name(const struct wasm_module *module, uint32_t index,
                             struct arena *arena);

/* The text of f4e-imports.h: all prototypes. */
void glue_imports_header(struct buf *out, const struct wasm_module *module,
                         struct arena *arena);

#endif
