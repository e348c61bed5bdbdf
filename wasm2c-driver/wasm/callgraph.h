/* SPDX-License-Identifier: MIT */
/* The call graph: whether a patch needs stack checks. */
#ifndef F4E_CALLGRAPH_H
#define F4E_CALLGRAPH_H

#include "wasm/wasm.h"

enum {
    /* Bytes of stack that a patch may use unchecked, beside the arrays of its
     * loops (translate/loop_sums.h); the shim gives its engine thread more. */
    CALLGRAPH_MAX_STACK = 192 * 1024,
};

/*
 * True when the functions reachable from an export or the start function have a
 * cycle of calls, or a call chain whose frames, over-estimated for unoptimised
 * code, exceed CALLGRAPH_MAX_STACK. Linear time, constant stack.
 */
bool callgraph_is_recursive(const struct wasm_module *module,
                            struct arena *arena);

/* Whether any function calls itself, also one that nothing reaches: what walks
 * callees to sum them up would not end. Linear time, constant stack. */
bool callgraph_has_cycle(const struct wasm_module *module, struct arena *arena);

#endif
