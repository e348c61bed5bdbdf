/* SPDX-License-Identifier: MIT */
/*
 * Facts travel as code: the module gets an annotated clone of each of its
 * functions. There a proven address passes through the imported function
 *
 *     range(value, first, last, mask) -> value
 *
 * the identity on its first argument. It states that value - first is at most
 * last - first, as unsigned numbers modulo 2^32, and that (value - first) &
 * mask is 0. So do loaded integers with a proven range, and conditions that are
 * always true or always false. The module has the same meaning in any engine
 * that provides such a function.
 *
 * Promoted words (promote.h) are globals in the clones. The host calls "y1",
 * which loads them from memory, "y0" as often as a block runs, and "y2", which
 * stores those that memory does not hold.
 */
#ifndef F4E_ANNOTATE_H
#define F4E_ANNOTATE_H

#include "ranges/promote/promote.h"
#include "wasm/wasm_write.h"

/* A module whose tables may be changed, with the edits of its bodies so far. */
struct annotate_target {
    struct wasm_module *module;
    struct wasm_edit *edits; /* by function and offset */
    uint32_t edit_count;
};

/*
 * Add the function import 'i<n>' of "f4e" after the others, the clones after
 * the functions, and the exports "y0" of the clone of 'function' (an index, not
 * of an import), "y1" and "y2". 'target' has normalised imports, exports and
 * debug names; 'analysis', without failure, and 'promotion', which may be NULL,
 * are of the module before that. Everything new is in 'arena'.
 */
void annotate_ranges(struct annotate_target *target,
                     const struct analysis *analysis,
                     const struct promotion *promotion, uint32_t function,
                     struct arena *arena);

#endif
