/* SPDX-License-Identifier: MIT */
/*
 * What a patch does when it runs: some blocks in the interpreter, with all
 * other functions that the host may call in between, each with a spread of
 * arguments. Nothing here proves anything. But what was seen can happen, so no
 * true claim is narrower: a good place for a search to start from.
 */
#ifndef F4E_RANGES_OBSERVE_H
#define F4E_RANGES_OBSERVE_H

#include "patch.h"
#include "ranges/analysis/memory.h"
#include "wasm/body.h"

/* All visits of one load or store. */
struct observe_site {
    bool is_seen;
    struct range address; /* of the first byte touched, offset included */
    struct range value;   /* what an i32.store has stored */
};

struct observation {
    struct observe_site *sites; /* code.site_count; by number */
    struct range *cells;        /* what each held between calls */
    uint32_t calls;             /* that were followed to their end */
};

/*
 * Run a patch that may be analysed, for a bounded number of instructions, and
 * look at the words 'cells' after each call. False when it cannot be run at
 * all. The same patch is seen to do the same each time.
 */
bool observe_run(struct observation *seen, const struct patch *patch,
                 const struct wasm_bodies *bodies,
                 const struct memory_list *cells, struct arena *arena);

#endif
