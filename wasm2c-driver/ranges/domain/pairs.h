/* SPDX-License-Identifier: MIT */
/*
 * The pairs of values that meet in the same place where two states join. All
 * places where the same two values meet get the same joined value: copies stay
 * known to be equal.
 */
#ifndef F4E_PAIRS_H
#define F4E_PAIRS_H

#include "base/u64map.h"
#include "ranges/domain/value.h"

struct pair {
    uint32_t a;
    uint32_t b;
    uint32_t joined; /* VALUE_NONE until the caller sets it */
    uint64_t key;    /* of a word that holds the pair, or VALUE_NO_KEY */
};

/* To be zeroed first. */
struct pairs {
    struct pair *list; /* in the order in which they were added */
    uint32_t count;
    uint32_t capacity;
    struct u64map index; /* by both values: index in the list, plus 1 */
};

/* Empty the list; its storage stays. */
void pairs_clear(struct pairs *pairs);

/* The index of a pair, which is added if it is new. */
uint32_t pairs_find(struct pairs *pairs, uint32_t a, uint32_t b,
                    struct arena *arena);

#endif
