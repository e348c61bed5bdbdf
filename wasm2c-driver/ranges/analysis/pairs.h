/* SPDX-License-Identifier: MIT */
/*
 * Pairs of values that meet in the same places where two states join. All
 * places where the same two meet get the same new value, so that copies stay
 * known as copies.
 */
#ifndef F4E_RANGES_PAIRS_H
#define F4E_RANGES_PAIRS_H

#include "ranges/analysis/value.h"

struct pair {
    uint32_t a;
    uint32_t b;
    uint32_t joined; /* VALUE_NONE until it is made */
    uint64_t key;    /* of a word that holds the two, or VALUE_NO_KEY */
};

struct pairs {
    struct pair *list; /* in the order they were added */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* of a hash table: 1 + index, 0: free */
    uint32_t slot_count;
};

/* Empty the list; its storage stays. */
void pairs_clear(struct pairs *pairs);

/* The index of a pair, which is added if it is new. */
uint32_t pairs_find(struct pairs *pairs, uint32_t a, uint32_t b,
                    struct arena *arena);

#endif
