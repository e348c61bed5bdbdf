/* SPDX-License-Identifier: MIT */
/*
 * One search for an invariant: a memory model that grows until a call of each
 * root finds nothing in it that was not there before, and what the walks see on
 * the way.
 */
#ifndef F4E_RANGES_SEARCH_H
#define F4E_RANGES_SEARCH_H

#include "ranges/analysis/walk.h"

struct search {
    struct memory_model memory;
    struct walk walk;
    uint32_t passes;
    const char *failure; /* or NULL */
};

/* The model of the memory at first, with what the host may write into it. */
void search_begin(struct search *search, const struct wasm_bodies *bodies,
                  const struct initial_memory *initial,
                  const struct patch *patch, struct arena *arena);

/* One that goes on from 'before', which has settled and stays as it is. */
void search_continue(struct search *search, const struct search *before,
                     struct arena *arena);

/*
 * Calls in any order, any number of them: until a call of each finds nothing
 * that was not there before. The last pass, from what is then known to hold,
 * gives the result. Goes on from a model that has settled before and was added
 * to.
 */
void search_run(struct search *search, const struct patch *patch);

/* Where an access can go, in bytes: all of 32 bits where it may trap. */
uint64_t search_spread(const struct walk_site *site);

/* How far all accesses can go together, and whether one goes too far. */
uint64_t search_measure(const struct search *search, bool *is_any_loose);

#endif
