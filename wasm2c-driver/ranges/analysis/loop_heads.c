/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/loop_heads.h"

#include <string.h>

/* Room for one more element. */
static void *extend(struct loop_heads *heads, void *list, uint32_t count,
                    uint32_t *capacity, size_t size)
{
    enum { ROOM = 8 };
    if (count < *capacity) {
        return list;
    }
    *capacity = *capacity == 0 ? ROOM : 2 * *capacity;
    void *grown = arena_alloc(heads->arena, *capacity, size);
    if (count > 0) {
        memcpy(grown, list, count * size);
    }
    return grown;
}

void loop_heads_init(struct loop_heads *heads, struct arena *arena)
{
    *heads = (struct loop_heads){.arena = arena};
    heads->list =
        extend(heads, NULL, 0, &heads->capacity, sizeof(*heads->list));
    heads->count = 1;
}

uint32_t loop_heads_follow(struct loop_heads *heads, uint32_t parent,
                           uint32_t at)
{
    uint32_t found = 1 + pairs_find(&heads->places, parent, at, heads->arena);
    if (found == heads->count) {
        heads->list = extend(heads, heads->list, heads->count, &heads->capacity,
                             sizeof(*heads->list));
        heads->list[heads->count++] =
            (struct loop_head){.parent = parent, .at = at};
    }
    heads->list[found].pass = heads->pass;
    return found;
}

/* The index of a value of the head; new ones are added. */
static uint32_t find_value(struct loop_heads *heads, struct loop_head *head,
                           struct state_context *context,
                           const struct state *state, uint32_t value)
{
    uint32_t index = pairs_find(&context->pairs, value, value, context->arena);
    if (index == head->value_count) {
        head->values = extend(heads, head->values, head->value_count,
                              &head->value_capacity, sizeof(*head->values));
        head->values[head->value_count++] = state_range(context, state, value);
    }
    return index;
}

void loop_heads_record(struct loop_heads *heads, uint32_t index,
                       struct state_context *context, const struct state *entry,
                       const struct state *head)
{
    struct loop_head *to = &heads->list[index];
    pairs_clear(&context->pairs);
    to->value_count = 0;
    to->slot_count = 0;
    to->word_count = 0;
    for (uint32_t i = 0; i < head->slot_count; i++) {
        if (entry->slots[i] != head->slots[i] && head->slots[i] != VALUE_NONE) {
            to->slots = extend(heads, to->slots, to->slot_count,
                               &to->slot_capacity, sizeof(*to->slots));
            to->slots[to->slot_count++] = (struct loop_place){
                i, find_value(heads, to, context, head, head->slots[i])};
        }
    }
    uint32_t k = 0;
    for (uint32_t i = 0; i < head->cell_count; i++) {
        const struct state_cell *cell = &head->cells[i];
        while (k < entry->cell_count && entry->cells[k].key < cell->key) {
            k++;
        }
        if (k == entry->cell_count || entry->cells[k].key != cell->key ||
            entry->cells[k].value != cell->value) {
            to->words = extend(heads, to->words, to->word_count,
                               &to->word_capacity, sizeof(*to->words));
            to->words[to->word_count++] = (struct loop_place){
                cell->key, find_value(heads, to, context, head, cell->value)};
        }
    }
}
