/* SPDX-License-Identifier: MIT */
#include "ranges/domain/pairs.h"

void pairs_clear(struct pairs *pairs)
{
    pairs->count = 0;
    u64map_clear(&pairs->index);
}

uint32_t pairs_find(struct pairs *pairs, uint32_t a, uint32_t b,
                    struct arena *arena)
{
    uint32_t *index = u64map_at(&pairs->index, u64map_pair(a, b), arena);
    if (*index == 0) {
        pairs->list = arena_grow(arena, pairs->list, pairs->count,
                                 &pairs->capacity, sizeof(*pairs->list));
        pairs->list[pairs->count] = (struct pair){a, b, 0, VALUE_NO_KEY};
        *index = ++pairs->count;
    }
    return *index - 1;
}
