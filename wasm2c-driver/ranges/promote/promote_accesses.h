/* SPDX-License-Identifier: MIT */
/* For the files that make up keep.h only: what a block may touch. */
#ifndef F4E_RANGES_KEEP_SEARCH_H
#define F4E_RANGES_KEEP_SEARCH_H

#include "ranges/promote/promote.h"
#include "ranges/promote/spans.h"

/* A load or store of a whole number at a known address. */
struct access {
    struct span span;
    uint32_t site;
    enum wasm_type type;
    bool is_store;
};

/* The accesses of one place. */
struct word {
    struct span span;
    uint32_t first; /* of search->accesses */
    uint32_t count;
    uint32_t floats; /* of these */
    bool is_written;
    bool is_promoted;
};

/* Any other read: where it touches written words, memory has to be right. */
struct other_load {
    struct span span;         /* all that it may read */
    const struct body_op *op; /* NULL: no load */
    bool is_inside;           /* else it may trap */
};

struct promote_search {
    const struct analysis *analysis;
    struct arena *arena;
    struct promotion *promotion;
    bool *is_reached; /* by function: called by the block */
    uint32_t *stack;  /* of functions to look at */
    uint32_t depth;
    struct access *accesses;
    uint32_t count;
    struct word *words;
    uint32_t word_count;
    struct other_load *other_loads;
    uint32_t other_load_count;
    struct spans writes;     /* by all other stores */
    struct spans dirty;      /* words that are written */
    struct spans observable; /* what memory has to be right in at any time */
};

/* All that calls of the block function may touch, and whether they may trap by
 * something else than a load. */
void promote_search_run(struct promote_search *search);

struct span promote_search_memory(const struct promote_search *search,
                                  uint32_t memory);

void promote_search_add_write(struct promote_search *search, struct span span);

#endif
