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
 * code that was made: made_function_origin() knows its place. A module without
 * indirect calls stays what it is, apart from its tables.
 *
 * The module was accepted by wasm_supported() and wasm_validate() and must
 * outlive the result. Fails (input) when an element segment does not fit, or
 * targets are more than INDIRECT_MAX_TARGETS.
 */
F4E_MUST_CHECK bool indirect_resolve(struct wasm_module *result,
                                     const struct wasm_module *module,
                                     struct arena *arena, struct diag *diag);

#endif
