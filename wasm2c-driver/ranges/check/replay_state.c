/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay_state.h"

#include <string.h>

void replay_context_init(struct replay_context *context,
                         const struct certificate *certificate,
                         struct arena *arena)
{
    *context =
        (struct replay_context){.certificate = certificate, .arena = arena};
    terms_init(&context->terms, arena);
}

/* ---- States ---- */

struct replay_state *replay_state_acquire(struct replay_context *context)
{
    struct replay_state *state = context->unused;
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

void replay_state_release(struct replay_context *context,
                          struct replay_state *state)
{
    state->next = context->unused;
    context->unused = state;
}

static void *reserve_copy(struct replay_context *context, void *to,
                          uint32_t *capacity, const void *from, uint32_t count,
                          size_t size)
{
    if (*capacity < count) {
        *capacity = count + count / 2; /* states grow word by word */
        to = arena_alloc(context->arena, *capacity, size);
    }
    if (count > 0) {
        memcpy(to, from, count * size);
    }
    return to;
}

void replay_state_copy(struct replay_context *context, struct replay_state *to,
                       const struct replay_state *from)
{
    to->is_unreachable = from->is_unreachable;
    to->slot_count = from->slot_count;
    to->slots = reserve_copy(context, to->slots, &to->slot_capacity,
                             from->slots, from->slot_count, sizeof(*to->slots));
    to->cell_count = from->cell_count;
    to->cells = reserve_copy(context, to->cells, &to->cell_capacity,
                             from->cells, from->cell_count, sizeof(*to->cells));
    to->fact_count = from->fact_count;
    to->facts = reserve_copy(context, to->facts, &to->fact_capacity,
                             from->facts, from->fact_count, sizeof(*to->facts));
    context->work +=
        (uint64_t)from->slot_count + from->cell_count + from->fact_count;
}

struct replay_state *replay_state_clone(struct replay_context *context,
                                        const struct replay_state *from)
{
    struct replay_state *copy = replay_state_acquire(context);
    replay_state_copy(context, copy, from);
    return copy;
}

void replay_state_push(struct replay_context *context,
                       struct replay_state *state, uint32_t term)
{
    state->slots = arena_grow(context->arena, state->slots, state->slot_count,
                              &state->slot_capacity, sizeof(*state->slots));
    state->slots[state->slot_count++] = term;
}

uint32_t replay_state_pop(struct replay_state *state)
{
    return state->slots[--state->slot_count];
}

/* ---- Memory ---- */

static uint32_t find_cell(const struct replay_state *state, uint64_t key)
{
    uint32_t from = 0;
    uint32_t to = state->cell_count;
    if (to == 0 || state->cells[to - 1].key < key) {
        return to; /* joins append */
    }
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (state->cells[middle].key >= key) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

uint32_t replay_state_find(const struct replay_state *state, uint64_t key)
{
    uint32_t place = find_cell(state, key);
    return place < state->cell_count && state->cells[place].key == key
               ? state->cells[place].term
               : TERM_NONE;
}

void replay_state_strong_update(struct replay_context *context,
                                struct replay_state *state, uint64_t key,
                                uint32_t term)
{
    uint32_t place = find_cell(state, key);
    if (place == state->cell_count || state->cells[place].key != key) {
        state->cells =
            arena_grow(context->arena, state->cells, state->cell_count,
                       &state->cell_capacity, sizeof(*state->cells));
        memmove(&state->cells[place + 1], &state->cells[place],
                (state->cell_count - place) * sizeof(*state->cells));
        state->cell_count++;
    }
    state->cells[place] = (struct replay_cell){key, term};
}

uint32_t replay_state_read(struct replay_context *context,
                           struct replay_state *state, uint64_t key)
{
    uint32_t term = replay_state_find(state, key);
    if (term == TERM_NONE) {
        term = term_fresh(
            &context->terms,
            certificate_interval(context->certificate, key, key + 4));
        replay_state_strong_update(context, state, key, term);
    }
    return term;
}

struct interval replay_state_read_any(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint64_t start, uint64_t end)
{
    struct interval all =
        certificate_interval(context->certificate, start, end);
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct interval word =
            replay_state_interval(context, state, state->cells[i].term);
        all = interval_join(&all, &word);
    }
    return all;
}

bool replay_state_weak_update(struct replay_context *context,
                              struct replay_state *state, uint64_t start,
                              uint64_t end, const struct interval *what)
{
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct interval word =
            replay_state_interval(context, state, state->cells[i].term);
        state->cells[i].term =
            term_fresh(&context->terms, interval_join(&word, what));
    }
    return certificate_allows(context->certificate, start, end, what);
}
