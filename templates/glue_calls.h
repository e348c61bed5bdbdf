/* SPDX-License-Identifier: MIT */
/* How the shim calls what the module exports. The module is validated; texts
 * live in the arena. */
#ifndef F4E_GLUE_CALLS_H
#define F4E_GLUE_CALLS_H

#include "translate/translate.h"
#include "wasm/wasm.h"

/* A value type in the C of wasm2c: "u32". */
const char *glue_c_type(uint8_t type);

/* A function per exported function, call_<number of the export>, as struct
 * f4e_export of f4e_patch.h wants it. */
const char *glue_calls(const struct wasm_module *module,
                       const struct translation *translation,
                       struct arena *arena);

/* The rows of the table of exports, which names these functions. */
const char *glue_exports(const struct wasm_module *module, struct arena *arena);

#endif
