/* SPDX-License-Identifier: MIT */
/* What a block may access. For promote*.c only. */
#ifndef F4E_PROMOTE_ACCESSES_H
#define F4E_PROMOTE_ACCESSES_H

#include "ranges/promote/promote.h"
#include "ranges/promote/spans.h"

/* A load or store of a whole number at a constant address. */
struct access {
    struct span span;
    uint32_t site;
    enum wasm_type type;
    bool is_store;
};

/* The accesses of one span: a candidate. */
struct word {
    struct span span;
    uint32_t first; /* of search->accesses */
    uint32_t count;
    uint32_t floats; /* of these */
    bool is_written;
    bool is_promoted;
};

/* Any other read: what it may read of written words must be up to date. */
struct other_load {
    struct span span;
    const struct body_op *op; /* NULL: a memory.copy */
    bool is_inside;           /* else it may trap */
};

struct promote_search {
    const struct analysis *analysis;
    struct arena *arena;
    struct promotion *promotion;
    bool *is_reached; /* by function: from the block function */
    uint32_t *stack;  /* of functions to visit */
    uint32_t depth;
    struct access *accesses;
    uint32_t count;
    struct word *words;
    uint32_t word_count;
    struct other_load *other_loads;
    uint32_t other_load_count;
    struct spans writes;     /* by all other stores */
    struct spans dirty;      /* promoted words that are written */
    struct spans observable; /* what memory must hold at any time */
};

/* Collect all accesses of the block function and its callees, and whether they
 * may trap other than in a load. */
void promote_search_run(struct promote_search *search);

/* All of a memory. */
struct span promote_search_memory(const struct promote_search *search,
                                  uint32_t memory);

void promote_search_add_write(struct promote_search *search, struct span span);

#endif
