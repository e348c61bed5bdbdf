/* SPDX-License-Identifier: MIT */
/*
 * Indirect calls become direct ones. A table never changes (function_table.h),
 * so a call_indirect is a choice between functions that are known: it becomes
 * the call of a function made for it, which jumps by the index to a direct call
 * of each element of the right type. All stages behind this one see nothing but
 * direct calls: the call graph, the proofs and their checker take every such
 * element as a target, and wasm2c writes a `switch`.
 *
 * What traps calls a made function of its own, which says why by what it is.
 */
#ifndef F4E_INDIRECT_H
#define F4E_INDIRECT_H

#include "wasm/wasm.h"

enum {
    /* Targets of all made functions together. */
    INDIRECT_MAX_TARGETS = 1 << 20,
};

/*
 * '*result' is the module without call_indirect; made functions come after its
 * own, so that the index of none changes. Offsets beyond the file are those of
 * code that was made: wasm_file_offset() knows its origin. A module without
 * indirect calls stays what it is, apart from its tables.
 *
 * The module was accepted by wasm_supported() and wasm_validate() and must
 * outlive the result. Fails (input) when an element segment does not fit, or
 * targets are more than INDIRECT_MAX_TARGETS.
 */
F4E_MUST_CHECK bool indirect_resolve(struct wasm_module *result,
                                     const struct wasm_module *module,
                                     struct arena *arena, struct diag *diag);

/* The offset in the file that code at 'offset' comes from. */
size_t indirect_origin(const struct wasm_module *module, size_t offset);

/* The function that a user knows for 'function', which may be a made one. */
uint32_t indirect_caller(const struct wasm_module *module, uint32_t function);

/* Why a trap in 'function' is one, as V8 says it; NULL when that is not told by
 * the function. Static. */
const char *indirect_trap_text(const struct wasm_module *module,
                               uint32_t function);

/* What follows "fn3_" in the name of a made function of function 3: letters
 * alone, more than a name of a function of the file keeps of its own, and the
 * same for all of a kind but for a number. shim/rt/trap.h has these words. In
 * the arena. */
const char *indirect_name(const struct wasm_module *module, uint32_t function,
                          struct arena *arena);

#endif
