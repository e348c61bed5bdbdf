/* SPDX-License-Identifier: MIT */
/* Who calls whom: enough to know whether a patch needs a stack check. */
#ifndef F4E_CALLGRAPH_H
#define F4E_CALLGRAPH_H

#include "wasm/wasm.h"

enum {
    /* Bytes of stack that a patch may use unchecked; the shim gives its engine
     * thread more. */
    CALLGRAPH_MAX_STACK = 192 * 1024,
};

/*
 * True when functions that an export or the start function reaches call each
 * other in a circle, or when their frames, estimated from above for unoptimised
 * code, may together need more than CALLGRAPH_MAX_STACK. Takes time in
 * proportion to the code, and no stack.
 */
bool callgraph_is_recursive(const struct wasm_module *module,
                            struct arena *arena);

#endif
