/* SPDX-License-Identifier: MIT */
/*
 * Stage 'read', second half: supported features and operand types. A module
 * that passes can be translated and interpreted without checks of its stack.
 */
#ifndef F4E_VALIDATE_H
#define F4E_VALIDATE_H

#include "wasm/wasm.h"

/* The first thing in a module that cannot be built; see wasm_unsupported(). */
struct wasm_unsupported {
    const char *what;  /* "i32.atomic.load", "table", … in the arena */
    const char *why;   /* the reason or the way out, in the arena */
    uint32_t function; /* of an instruction; UINT32_MAX elsewhere */
    size_t offset;
    uint32_t count; /* how many times */
};

/*
 * Everything a module uses that cannot be built (atomics, SIMD, memory64,
 * tables and indirect calls, references, exceptions, growing memories, imported
 * globals …), one entry per kind or opcode in order of first offset. Returns
 * the number of entries; '*list' is in the arena. 0 for buildable modules.
 */
uint32_t wasm_unsupported(const struct wasm_module *module,
                          struct wasm_unsupported **list, struct arena *arena);

/* Fail with the first entry of wasm_unsupported(), naming the opcode, the
 * function and the offset. */
F4E_MUST_CHECK bool wasm_supported(const struct wasm_module *module,
                                   struct arena *arena, struct diag *diag);

/*
 * Type-check every body, constant expression, start function and segment of a
 * module that wasm_supported() accepts.
 */
F4E_MUST_CHECK bool wasm_validate(const struct wasm_module *module,
                                  struct arena *arena, struct diag *diag);

#endif
