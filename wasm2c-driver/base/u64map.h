/* SPDX-License-Identifier: MIT */
/*
 * A hash map from 64-bit keys to non-zero 32-bit values, with open addressing.
 * Clearing takes constant time. There is no iteration.
 */
#ifndef F4E_U64MAP_H
#define F4E_U64MAP_H

#include "base/arena.h"

struct u64map_slot;

/* Zero-initialised it is an empty map. */
struct u64map {
    struct u64map_slot *slots;
    uint32_t slot_count; /* a power of two, or 0 */
    uint32_t count;      /* of keys */
    uint32_t clears;     /* so far */
};

/* Two 32-bit numbers as one key. */
static inline uint64_t u64map_pair(uint32_t high, uint32_t low)
{
    return (uint64_t)high << 32 | low;
}

/* Remove all keys; the storage stays. */
void u64map_clear(struct u64map *map);

/* The value of 'key', or 0. */
uint32_t u64map_find(const struct u64map *map, uint64_t key);

/* The value of 'key', which is added with the value 0 if it is new; the caller
 * then sets it. Valid until the next key is added. Storage is in 'arena'. */
uint32_t *u64map_at(struct u64map *map, uint64_t key, struct arena *arena);

#endif
