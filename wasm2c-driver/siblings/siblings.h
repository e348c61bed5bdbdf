/* SPDX-License-Identifier: MIT */
/*
 * Modules side by side: the language has no instances, so a patch with eight
 * voices has eight modules with the same text, each with words and numbers of
 * its own. Where such modules are called one after the other, none of them
 * reads what another of them writes, and their words are promoted
 * (ranges/promote/promote.h), one function does them all: each value of the
 * text becomes a vector, with a module in each lane. Every lane computes what
 * its module would, in the same order, to the same bits.
 *
 * A condition is computed by all lanes; where they may differ, both outcomes
 * are, and each lane takes its own. So nothing in a condition may trap.
 */
#ifndef F4E_SIBLINGS_H
#define F4E_SIBLINGS_H

#include "wasm/body.h"

enum {
    SIBLINGS_MIN = 3, /* with two, vectors are no faster */
    SIBLINGS_MAX = 16,
};

/* Globals that lie side by side in one vector. */
struct sibling_row {
    uint32_t globals[SIBLINGS_MAX]; /* by lane */
    uint32_t count;                 /* of lanes in use */
    uint32_t width;                 /* of the vector: 4, 8 or 16 */
    enum wasm_type type;            /* WASM_I32 or WASM_F32 */
};

/* Modules that are done at once. */
struct sibling_group {
    uint32_t caller;                /* the function that calls them */
    uint32_t members[SIBLINGS_MAX]; /* which of its calls, ascending */
    uint32_t count;
    const char *body; /* of the function in C, without its braces */
};

struct siblings {
    const struct wasm_module *module;
    struct wasm_bodies bodies;
    uint32_t range_function; /* the import that states facts */
    struct sibling_group *groups;
    uint32_t group_count;
    struct sibling_row *rows;
    uint32_t row_count;
    uint32_t *row_of; /* by global: 1 + its row, or 0 */
    uint32_t row_capacity;
    uint32_t group_capacity;
    struct arena *arena;
};

/* Find them in the module in 'bytes', which is as wasm_normalise() leaves it,
 * with ranges. All is in 'arena'; the bytes must outlive it. Fails (input) when
 * it cannot be read. */
F4E_MUST_CHECK bool siblings_find(struct siblings *siblings,
                                  const uint8_t *bytes, size_t size,
                                  struct arena *arena, struct diag *diag);

#endif
