/* SPDX-License-Identifier: MIT */
/* Who calls whom: enough to know whether a patch needs a stack check. */
#ifndef F4E_CALLGRAPH_H
#define F4E_CALLGRAPH_H

#include "wasm.h"

enum {
    /* Calls inside calls that fit on any thread's stack unchecked. */
    CALLGRAPH_MAX_DEPTH = 200,
};

/*
 * True when functions that an export or the start function reaches call each
 * other in a circle, or nest more than CALLGRAPH_MAX_DEPTH deep. Takes time in
 * proportion to the code, and no stack.
 */
bool callgraph_is_recursive(const struct wasm_module *module,
                            struct arena *arena);

#endif
