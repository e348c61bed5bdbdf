/* SPDX-License-Identifier: MIT */
/*
 * What a patch does in a run: some blocks in the interpreter, with all other
 * roots in between, each with a spread of arguments. It proves nothing. But
 * what was observed can happen, so every sound claim contains it: a starting
 * point that costs no precision.
 */
#ifndef F4E_OBSERVE_H
#define F4E_OBSERVE_H

#include "patch.h"
#include "ranges/memory/memory.h"
#include "wasm/body.h"

/* All visits of one load or store. */
struct observe_site {
    bool is_seen;
    struct range address; /* of the first byte accessed, offset included */
    struct range value;   /* of an i32.store: the values stored */
};

struct observation {
    struct observe_site *sites; /* bodies.site_count; by site number */
    struct range *cells;        /* what each held between calls */
    uint32_t calls;             /* that returned */
};

/*
 * Run a patch for a bounded number of instructions, and record the words
 * 'cells' after each call. Deterministic. False when it cannot be run; then
 * 'sites' is NULL or nothing was seen. Arrays are in 'arena'.
 */
bool observe_run(struct observation *observation, const struct patch *patch,
                 const struct wasm_bodies *bodies,
                 const struct memory_list *cells, struct arena *arena);

#endif
