/* SPDX-License-Identifier: MIT */
/*
 * A function that reaches memory through its parameters gets a copy for each
 * call of it. An analysis that says one thing of each instruction, whoever
 * calls, then tells apart what each caller has it do: `risingEdge &before`
 * stores to one word, and not to the words of all modules. All stages behind
 * this one see ordinary functions.
 */
#ifndef F4E_COPIES_H
#define F4E_COPIES_H

#include "wasm/wasm.h"

enum {
    /* Bytes of all copies of one function; larger ones are left as they are. */
    COPIES_MAX_BYTES_OF_ONE = 4096,
    /* Calls of one function. Fourteen copies of a small one cost a tracker more
     * than its words in registers gained (docs/ranges.md). */
    COPIES_MAX_CALLS = 12,
    /* All copies together are no larger than the code itself, or than this. */
    COPIES_LEAST_BYTES = 4096,
};

/*
 * '*result' is the module with these copies behind its functions, made ones
 * like those of indirect.h: made_function.h knows where their code comes from,
 * and the index of none changes. A module whose functions call each other in a
 * circle, or of which nothing is worth a copy, stays as it is.
 *
 * The module is validated, without indirect calls, and must outlive the result.
 * The originals stay where the host calls them; others may have no caller left.
 */
void copies_make(struct wasm_module *result, const struct wasm_module *module,
                 struct arena *arena);

#endif
