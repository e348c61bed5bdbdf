/* SPDX-License-Identifier: MIT */
/*
 * Facts travel as code: a module with proven address ranges gets a second set
 * of its functions. There each proven address passes through an imported
 * function
 *
 *     range(value, first, last, mask) -> value
 *
 * whose result is its first argument. It stands for: value - first is at most
 * last - first, as unsigned numbers modulo 2^32, and (value - first) & mask
 * is 0. So do loaded integers of which something is known, and conditions that
 * are always true or always false. The module means what it meant in any engine
 * that provides such a function.
 *
 * Words that the block keeps (keep.h) are globals there: call "y1", which fills
 * them, then "y0" as often as a block does, then "y2", which writes back those
 * that memory does not hold already.
 */
#ifndef F4E_RANGES_INSERT_H
#define F4E_RANGES_INSERT_H

#include "ranges/promote/promote.h"
#include "wasm/wasm_write.h"

/* A module whose tables may be changed, with the edits of its bodies so far. */
struct annotate_target {
    struct wasm_module *module;
    struct wasm_edit *edits; /* by function and offset */
    uint32_t edit_count;
};

/*
 * Add the function import 'i<n>' of "f4e" after the others, the second set of
 * functions after the first, and the exports "y0" of the second 'function' (an
 * index, not of an import), "y1" and "y2". 'target' has normalised imports,
 * exports and debug names; 'analysis' is that of the same module.
 */
void annotate_ranges(struct annotate_target *target,
                     const struct analysis *analysis,
                     const struct promotion *promotion, uint32_t function,
                     struct arena *arena);

#endif
