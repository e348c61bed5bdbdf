/* SPDX-License-Identifier: MIT */
#include "project/parse/table.h"

enum { FIRST_CAPACITY = 16 };

void table_init(struct table *table, struct arena *arena)
{
    *table = (struct table){.arena = arena, .generation = 1};
}

void table_clear(struct table *table)
{
    table->count = 0;
    table->generation++;
}

/* FNV-1a, and a final mix so that its low bits depend on all. */
static uint32_t hash(uint32_t scope, struct span name)
{
    uint64_t state = 0xcbf29ce484222325U ^ scope;
    for (size_t i = 0; i < name.length; i++) {
        state = (state ^ (unsigned char)name.bytes[i]) * 0x100000001b3U;
    }
    state = (state ^ state >> 32U) * 0x9e3779b97f4a7c15U;
    return (uint32_t)(state >> 32U);
}

/* The slot of a name, or the free one where it belongs. */
static struct table_slot *find(const struct table *table, uint32_t scope,
                               struct span name)
{
    uint32_t mask = table->capacity - 1;
    for (uint32_t at = hash(scope, name) & mask;; at = (at + 1) & mask) {
        struct table_slot *slot = &table->slots[at];
        if (slot->generation != table->generation ||
            (slot->scope == scope && span_same(slot->name, name))) {
            return slot;
        }
    }
}

uint32_t *table_get(const struct table *table, uint32_t scope, struct span name)
{
    if (table->capacity == 0) {
        return NULL;
    }
    struct table_slot *slot = find(table, scope, name);
    return slot->generation == table->generation ? &slot->value : NULL;
}

static void grow(struct table *table)
{
    struct table old = *table;
    table->capacity = old.capacity == 0 ? FIRST_CAPACITY : 2 * old.capacity;
    table->slots =
        arena_alloc(table->arena, table->capacity, sizeof(*table->slots));
    for (uint32_t i = 0; i < old.capacity; i++) {
        if (old.slots[i].generation == old.generation) {
            *find(table, old.slots[i].scope, old.slots[i].name) = old.slots[i];
        }
    }
}

uint32_t *table_put(struct table *table, uint32_t scope, struct span name,
                    uint32_t value, bool *is_new)
{
    if (table->count >= table->capacity / 2) {
        grow(table);
    }
    struct table_slot *slot = find(table, scope, name);
    *is_new = slot->generation != table->generation;
    if (*is_new) {
        *slot = (struct table_slot){name, scope, value, table->generation};
        table->count++;
    }
    return &slot->value;
}
