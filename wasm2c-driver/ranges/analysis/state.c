/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/state.h"

#include <string.h>

struct state *state_acquire(struct state_context *context)
{
    struct state *state = context->unused;
    if (state == NULL) {
        state = arena_alloc(context->arena, 1, sizeof(*state));
    } else {
        context->unused = state->next;
    }
    state->is_unreachable = true;
    state->slot_count = 0;
    state->cell_count = 0;
    state->fact_count = 0;
    return state;
}

void state_release(struct state_context *context, struct state *state)
{
    state->next = context->unused;
    context->unused = state;
}

static void *reserve(void *old, uint32_t count, uint32_t *capacity, size_t size,
                     struct arena *arena)
{
    if (count <= *capacity) {
        return old;
    }
    *capacity = 2 * count;
    return arena_alloc(arena, *capacity, size);
}

void state_copy(struct state_context *context, struct state *to,
                const struct state *from)
{
    struct arena *arena = context->arena;
    to->is_unreachable = from->is_unreachable;
    to->slots = reserve(to->slots, from->slot_count, &to->slot_capacity,
                        sizeof(*to->slots), arena);
    to->cells = reserve(to->cells, from->cell_count, &to->cell_capacity,
                        sizeof(*to->cells), arena);
    to->facts = reserve(to->facts, from->fact_count, &to->fact_capacity,
                        sizeof(*to->facts), arena);
    to->slot_count = from->slot_count;
    to->cell_count = from->cell_count;
    to->fact_count = from->fact_count;
    if (from->slot_count > 0) {
        memcpy(to->slots, from->slots, from->slot_count * sizeof(*to->slots));
    }
    if (from->cell_count > 0) {
        memcpy(to->cells, from->cells, from->cell_count * sizeof(*to->cells));
    }
    if (from->fact_count > 0) {
        memcpy(to->facts, from->facts, from->fact_count * sizeof(*to->facts));
    }
}

void state_push(struct state_context *context, struct state *state,
                uint32_t value)
{
    state->slots = arena_grow(context->arena, state->slots, state->slot_count,
                              &state->slot_capacity, sizeof(*state->slots));
    state->slots[state->slot_count++] = value;
}

uint32_t state_pop(struct state *state)
{
    return state->slots[--state->slot_count];
}

/* ---- Memory ---- */

/* The first cell whose key is not below 'key'. */
static uint32_t find_cell(const struct state *state, uint64_t key)
{
    uint32_t low = 0;
    uint32_t high = state->cell_count;
    if (high == 0 || state->cells[high - 1].key < key) {
        return high; /* joins append */
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->cells[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void state_strong_update(struct state_context *context, struct state *state,
                         uint64_t key, uint32_t value)
{
    uint32_t at = find_cell(state, key);
    if (at < state->cell_count && state->cells[at].key == key) {
        state->cells[at].value = value;
        return;
    }
    state->cells = arena_grow(context->arena, state->cells, state->cell_count,
                              &state->cell_capacity, sizeof(*state->cells));
    memmove(&state->cells[at + 1], &state->cells[at],
            (state->cell_count - at) * sizeof(*state->cells));
    state->cells[at] = (struct state_cell){key, value};
    state->cell_count++;
}

bool state_has_cell(const struct state *state, uint64_t start, uint64_t end)
{
    uint32_t at = find_cell(state, start);
    return at < state->cell_count && state->cells[at].key < end;
}

struct range state_at_entry(struct state_context *context, uint64_t key)
{
    return memory_read(context->memory, key, key + 4);
}

uint32_t state_read(struct state_context *context, struct state *state,
                    uint64_t key)
{
    uint32_t at = find_cell(state, key);
    if (at < state->cell_count && state->cells[at].key == key) {
        return state->cells[at].value;
    }
    uint32_t value =
        value_fresh_word(&context->values, state_at_entry(context, key), key);
    state_strong_update(context, state, key, value);
    return value;
}

void state_weak_update(struct state_context *context, struct state *state,
                       uint64_t start, uint64_t end, uint32_t value)
{
    const struct range written = state_range(context, state, value);
    if (context->memory->is_extrapolating) {
        return;
    }
    memory_weak_update(context->memory, start, end, &written);
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct range before =
            state_range(context, state, state->cells[i].value);
        state->cells[i].value =
            value_fresh_word(&context->values, range_join(&before, &written),
                             state->cells[i].key);
    }
}

struct range state_read_any(struct state_context *context,
                            const struct state *state, uint64_t start,
                            uint64_t end)
{
    struct range all = memory_read(context->memory, start, end);
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct range cell =
            state_range(context, state, state->cells[i].value);
        all = range_join(&all, &cell);
    }
    return all;
}
