/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay_state.h"

#include <string.h>

/* ---- Pairs ---- */

static void forget_pairs(struct replay_context *context)
{
    enum { ROOM = 64 };
    if (context->pair_capacity == 0) {
        context->pair_capacity = ROOM;
        context->pairs =
            arena_alloc(context->arena, ROOM, sizeof(*context->pairs));
        context->pair_table = arena_alloc(context->arena, 2 * (size_t)ROOM,
                                          sizeof(*context->pair_table));
    }
    context->pair_count = 0;
    memset(context->pair_table, 0,
           2 * (size_t)context->pair_capacity * sizeof(*context->pair_table));
}

static uint32_t *seek(const struct replay_context *context, uint32_t a,
                      uint32_t b)
{
    uint64_t hash =
        ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    uint32_t size = 2 * context->pair_capacity;
    uint32_t at = (uint32_t)hash % size;
    while (context->pair_table[at] != 0) {
        const struct replay_pair *pair =
            &context->pairs[context->pair_table[at] - 1];
        if (pair->a == a && pair->b == b) {
            break;
        }
        at = at + 1 == size ? 0 : at + 1;
    }
    return &context->pair_table[at];
}

static void add_pair(struct replay_context *context, struct replay_pair pair)
{
    if (context->pair_count == context->pair_capacity) {
        const struct replay_pair *old = context->pairs;
        context->pair_capacity *= 2;
        context->pairs = arena_alloc(context->arena, context->pair_capacity,
                                     sizeof(*context->pairs));
        context->pair_table =
            arena_alloc(context->arena, 2 * (size_t)context->pair_capacity,
                        sizeof(*context->pair_table));
        memcpy(context->pairs, old, context->pair_count * sizeof(*old));
        for (uint32_t i = 0; i < context->pair_count; i++) {
            *seek(context, old[i].a, old[i].b) = i + 1;
        }
    }
    context->pairs[context->pair_count] = pair;
    *seek(context, pair.a, pair.b) = ++context->pair_count;
}

/* ---- Joining ---- */

/* Places where the same two terms meet go on holding the same number. */
static uint32_t join_terms(struct replay_context *context,
                           const struct replay_state *one,
                           const struct replay_state *other, uint32_t a,
                           uint32_t b)
{
    if (a == b || a == TERM_NONE || b == TERM_NONE) {
        return a == b ? a : TERM_NONE;
    }
    uint32_t found = *seek(context, a, b);
    if (found != 0) {
        return context->pairs[found - 1].term;
    }
    const struct interval x = replay_state_interval(context, one, a);
    const struct interval y = replay_state_interval(context, other, b);
    const struct replay_pair pair = {
        a, b, term_fresh(&context->terms, interval_join(&x, &y))};
    add_pair(context, pair);
    return pair.term;
}

/* A word that only 'moment' follows. */
static uint32_t join_with_rest(struct replay_context *context,
                               const struct replay_state *state,
                               const struct replay_cell *word)
{
    const struct interval here =
        replay_state_interval(context, state, word->term);
    const struct interval rest =
        certificate_interval(context->certificate, word->key, word->key + 4);
    return term_fresh(&context->terms, interval_join(&here, &rest));
}

static void join_words(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *one,
                       const struct replay_state *other)
{
    uint32_t i = 0;
    uint32_t k = 0;
    into->cell_count = 0;
    while (i < one->cell_count || k < other->cell_count) {
        uint64_t a = i < one->cell_count ? one->cells[i].key : UINT64_MAX;
        uint64_t b = k < other->cell_count ? other->cells[k].key : UINT64_MAX;
        uint32_t term = TERM_NONE;
        if (a == b) {
            term = join_terms(context, one, other, one->cells[i].term,
                              other->cells[k].term);
        } else if (a < b) {
            term = join_with_rest(context, one, &one->cells[i]);
        } else {
            term = join_with_rest(context, other, &other->cells[k]);
        }
        replay_state_strong_update(context, into, a < b ? a : b, term);
        i += a <= b ? 1 : 0;
        k += b <= a ? 1 : 0;
    }
}

/* What either knows of a term, as far as that is news. */
static void join_facts(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *one,
                       const struct replay_state *other)
{
    uint32_t i = 0;
    uint32_t k = 0;
    into->fact_count = 0;
    if (into->fact_capacity < one->fact_count + other->fact_count) {
        into->fact_capacity = one->fact_count + other->fact_count;
        into->facts = arena_alloc(context->arena, into->fact_capacity,
                                  sizeof(*into->facts));
    }
    while (i < one->fact_count || k < other->fact_count) {
        uint32_t a = i < one->fact_count ? one->facts[i].term : UINT32_MAX;
        uint32_t b = k < other->fact_count ? other->facts[k].term : UINT32_MAX;
        uint32_t term = a < b ? a : b;
        i += a == term ? 1 : 0;
        k += b == term ? 1 : 0;
        const struct interval x = replay_state_interval(context, one, term);
        const struct interval y = replay_state_interval(context, other, term);
        const struct interval both = interval_join(&x, &y);
        const struct interval *own = &context->terms.list[term].interval;
        if (!interval_within(own, &both)) {
            into->facts[into->fact_count++] = (struct replay_fact){term, both};
        }
    }
}

void replay_state_join(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *other)
{
    if (other->is_unreachable) {
        return;
    }
    if (into->is_unreachable) {
        replay_state_copy(context, into, other);
        return;
    }
    struct replay_state *one = replay_state_clone(context, into);
    forget_pairs(context);
    join_words(context, into, one, other);
    for (uint32_t i = 0; i < into->slot_count; i++) {
        into->slots[i] =
            join_terms(context, one, other, one->slots[i], other->slots[i]);
    }
    join_facts(context, into, one, other);
    replay_state_release(context, one);
    context->work +=
        (uint64_t)other->slot_count + other->cell_count + other->fact_count;
}
