/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/loop_heads.h"

void loop_heads_init(struct loop_heads *heads, struct arena *arena)
{
    *heads = (struct loop_heads){.arena = arena};
    heads->list =
        arena_grow(arena, NULL, 0, &heads->capacity, sizeof(*heads->list));
    heads->count = 1;
}

uint32_t loop_heads_follow(struct loop_heads *heads, uint32_t parent,
                           uint32_t at)
{
    uint32_t *index =
        u64map_at(&heads->paths, u64map_pair(parent, at), heads->arena);
    if (*index == 0) {
        heads->list = arena_grow(heads->arena, heads->list, heads->count,
                                 &heads->capacity, sizeof(*heads->list));
        heads->list[heads->count] =
            (struct loop_head){.parent = parent, .at = at};
        *index = heads->count++;
    }
    heads->list[*index].pass = heads->pass;
    return *index;
}

/* The index in 'head' of a value in 'state'; added if new. */
static uint32_t find_value(struct loop_heads *heads, struct loop_head *head,
                           struct state_context *context,
                           const struct state *state, uint32_t value)
{
    uint32_t *index = u64map_at(&heads->values, value, heads->arena);
    if (*index == 0) {
        head->values = arena_grow(heads->arena, head->values, head->value_count,
                                  &head->value_capacity, sizeof(*head->values));
        head->values[head->value_count++] = state_range(context, state, value);
        *index = head->value_count;
    }
    return *index - 1;
}

static void add_place(struct loop_heads *heads, struct loop_place **places,
                      uint32_t *count, uint32_t *capacity,
                      struct loop_place place)
{
    *places =
        arena_grow(heads->arena, *places, *count, capacity, sizeof(**places));
    (*places)[(*count)++] = place;
}

void loop_heads_record(struct loop_heads *heads, uint32_t index,
                       struct state_context *context, const struct state *entry,
                       const struct state *head)
{
    struct loop_head *to = &heads->list[index];
    uint32_t k = 0;
    u64map_clear(&heads->values);
    to->value_count = 0;
    to->slot_count = 0;
    to->word_count = 0;
    for (uint32_t i = 0; i < head->slot_count; i++) {
        uint32_t value = head->slots[i];
        if (entry->slots[i] != value && value != VALUE_NONE) {
            add_place(heads, &to->slots, &to->slot_count, &to->slot_capacity,
                      (struct loop_place){
                          i, find_value(heads, to, context, head, value)});
        }
    }
    for (uint32_t i = 0; i < head->cell_count; i++) {
        const struct state_cell *cell = &head->cells[i];
        while (k < entry->cell_count && entry->cells[k].key < cell->key) {
            k++;
        }
        if (k == entry->cell_count || entry->cells[k].key != cell->key ||
            entry->cells[k].value != cell->value) {
            add_place(
                heads, &to->words, &to->word_count, &to->word_capacity,
                (struct loop_place){cell->key, find_value(heads, to, context,
                                                          head, cell->value)});
        }
    }
}
