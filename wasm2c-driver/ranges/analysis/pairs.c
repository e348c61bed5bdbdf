/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/pairs.h"

#include <string.h>

void pairs_clear(struct pairs *pairs)
{
    pairs->count = 0;
    if (pairs->slot_count > 0) {
        memset(pairs->slots, 0, pairs->slot_count * sizeof(*pairs->slots));
    }
}

static uint32_t *find_slot(const struct pairs *pairs, uint32_t a, uint32_t b)
{
    uint64_t key = (uint64_t)a << 32 | b;
    key = (key ^ key >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(key >> 32) & (pairs->slot_count - 1);
    while (pairs->slots[at] != 0 &&
           (pairs->list[pairs->slots[at] - 1].a != a ||
            pairs->list[pairs->slots[at] - 1].b != b)) {
        at = (at + 1) & (pairs->slot_count - 1);
    }
    return &pairs->slots[at];
}

static void grow(struct pairs *pairs, struct arena *arena)
{
    enum { START = 64 };
    pairs->capacity = pairs->capacity == 0 ? START : 2 * pairs->capacity;
    struct pair *list = arena_alloc(arena, pairs->capacity, sizeof(*list));
    if (pairs->count > 0) {
        memcpy(list, pairs->list, pairs->count * sizeof(*list));
    }
    pairs->list = list;
    pairs->slot_count = 2 * pairs->capacity;
    pairs->slots = arena_alloc(arena, pairs->slot_count, sizeof(*pairs->slots));
    for (uint32_t i = 0; i < pairs->count; i++) {
        *find_slot(pairs, list[i].a, list[i].b) = i + 1;
    }
}

uint32_t pairs_find(struct pairs *pairs, uint32_t a, uint32_t b,
                    struct arena *arena)
{
    if (pairs->count == pairs->capacity) {
        grow(pairs, arena);
    }
    uint32_t *slot = find_slot(pairs, a, b);
    if (*slot == 0) {
        pairs->list[pairs->count] = (struct pair){a, b, 0, VALUE_NO_KEY};
        *slot = ++pairs->count;
    }
    return *slot - 1;
}
