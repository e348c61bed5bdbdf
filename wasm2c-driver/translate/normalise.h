/* SPDX-License-Identifier: MIT */
/*
 * Stage 'normalise': wasm → wasm. Each rewrite is one function, idempotent,
 * and keeps the meaning of the module; the result has one shape that every
 * wasm2c accepts:
 *
 *   - memory k is imported as "f4e" "m<k>", never shared;
 *   - function import i is "f4e" "i<i>", in order;
 *   - only functions are exported, the k-th of them as "x<k>";
 *   - every function has a debug name "fn<index>" or "fn<index>_<letters>";
 *   - memory.size is a constant.
 *
 * No name of the module reaches the C code other than as those letters.
 */
#ifndef F4E_NORMALISE_H
#define F4E_NORMALISE_H

#include "wasm/wasm.h"

struct ranges;

struct normalised {
    const uint8_t *bytes; /* the rewritten module, in the arena */
    size_t size;
    bool has_ranges; /* functions come twice */
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
 * What wasm_normalise() would change beyond names, a line each ("memory 0:
 * shared → plain"). Returns the count; the list is in the arena.
 */
uint32_t normalise_plan(const struct wasm_module *module, const char ***lines,
                        struct arena *arena);

#endif
