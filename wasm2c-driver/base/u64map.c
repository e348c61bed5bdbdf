/* SPDX-License-Identifier: MIT */
#include "base/u64map.h"

#include <string.h>

enum { FIRST_SLOTS = 64 };

/* In use when 'stamp' is that of the map; 0 never is. */
struct u64map_slot {
    uint64_t key;
    uint32_t value;
    uint32_t stamp;
};

static uint32_t stamp_of(const struct u64map *map)
{
    return map->clears + 1;
}

void u64map_clear(struct u64map *map)
{
    map->count = 0;
    map->clears++;
    if (stamp_of(map) == 0) { /* old stamps would come back to life */
        memset(map->slots, 0, map->slot_count * sizeof(*map->slots));
        map->clears = 0;
    }
}

/* The slot of 'key', or the free one where it belongs. At least one is free. */
static struct u64map_slot *find_slot(const struct u64map *map, uint64_t key)
{
    uint64_t hash = (key ^ key >> 31) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(hash >> 32) & (map->slot_count - 1);
    while (map->slots[at].stamp == stamp_of(map) && map->slots[at].key != key) {
        at = (at + 1) & (map->slot_count - 1);
    }
    return &map->slots[at];
}

uint32_t u64map_find(const struct u64map *map, uint64_t key)
{
    if (map->count == 0) {
        return 0;
    }
    const struct u64map_slot *slot = find_slot(map, key);
    return slot->stamp == stamp_of(map) ? slot->value : 0;
}

static void grow(struct u64map *map, struct arena *arena)
{
    const struct u64map_slot *old = map->slots;
    uint32_t old_count = map->slot_count;
    map->slot_count = old_count == 0 ? FIRST_SLOTS : 2 * old_count;
    map->slots = arena_alloc(arena, map->slot_count, sizeof(*map->slots));
    for (uint32_t i = 0; i < old_count; i++) {
        if (old[i].stamp == stamp_of(map)) {
            *find_slot(map, old[i].key) = old[i];
        }
    }
}

uint32_t *u64map_at(struct u64map *map, uint64_t key, struct arena *arena)
{
    if (map->count >= map->slot_count / 2) {
        grow(map, arena);
    }
    struct u64map_slot *slot = find_slot(map, key);
    if (slot->stamp != stamp_of(map)) {
        *slot = (struct u64map_slot){key, 0, stamp_of(map)};
        map->count++;
    }
    return &slot->value;
}
