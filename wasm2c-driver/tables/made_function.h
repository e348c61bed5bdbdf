/* SPDX-License-Identifier: MIT */
/*
 * The functions that indirect.h and copies.h made: what of the file each of
 * them, and the code in it, stands for. A function of the file stands for
 * itself.
 */
#ifndef F4E_MADE_FUNCTION_H
#define F4E_MADE_FUNCTION_H

#include "wasm/wasm.h"

/* The offset in the file that code at 'offset' comes from. */
size_t made_function_origin(const struct wasm_module *module, size_t offset);

/* The function that a user knows for 'function', which may be a made one. */
uint32_t made_function_caller(const struct wasm_module *module,
                              uint32_t function);

/* Why a trap in 'function' is one, as V8 says it; NULL when that is not told by
 * the function. Static. */
const char *made_function_trap_text(const struct wasm_module *module,
                                    uint32_t function);

/* What follows "fn3_" in the name of a made function of function 3: letters
 * alone, more than a name of a function of the file keeps of its own, and the
 * same for all of a kind but for a number. shim/rt/trap.h has these words. In
 * the arena. */
const char *made_function_name(const struct wasm_module *module,
                               uint32_t function, struct arena *arena);

#endif
