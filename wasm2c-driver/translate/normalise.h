/* SPDX-License-Identifier: MIT */
/*
 * Stage 'normalise': module to module. Each rewrite is idempotent and preserves
 * semantics. The result has the shape that every version of wasm2c accepts:
 *
 *   - memory k is imported as "f4e" "m<k>", never shared;
 *   - function import i is "f4e" "i<i>", in order;
 *   - only functions are exported, the k-th of them as "x<k>";
 *   - every function has a debug name "fn<index>" or "fn<index>_<letters>";
 *   - memory.size is a constant;
 *   - a `map` is a jump through a table, not a chain of selects (lookup.h).
 *
 * Of the module's names only those letters reach the C code.
 */
#ifndef F4E_NORMALISE_H
#define F4E_NORMALISE_H

#include "wasm/wasm.h"

struct ranges;

struct normalised {
    const uint8_t *bytes; /* the rewritten module, in the arena */
    size_t size;
    bool has_ranges; /* each function has a second, annotated copy */
};

/*
 * Rewrite a supported, validated module. With an analysis of it, its functions
 * come twice: as they are, and with their proven address ranges
 * (ranges/promote/annotate.h); NULL for without. Fails when the result would be
 * larger than the format allows.
 */
F4E_MUST_CHECK bool wasm_normalise(struct normalised *result,
                                   const struct wasm_module *module,
                                   const struct ranges *ranges,
                                   struct arena *arena, struct diag *diag);

/*
 * The changes of wasm_normalise() except names, a line each ("memory 0:
 * shared → plain"). Returns their number; the list is in the arena.
 */
uint32_t normalise_plan(const struct wasm_module *module, const char ***lines,
                        struct arena *arena);

#endif
