/* SPDX-License-Identifier: MIT */
/* Joins of replay_state.h. */
#include "ranges/check/replay_state.h"

/* Places where the same two terms meet hold the same joined term. */
static uint32_t join_terms(struct replay_context *context,
                           const struct replay_state *one,
                           const struct replay_state *other, uint32_t a,
                           uint32_t b)
{
    if (a == b || a == TERM_NONE || b == TERM_NONE) {
        return a == b ? a : TERM_NONE;
    }
    uint32_t *joined =
        u64map_at(&context->pairs, u64map_pair(a, b), context->arena);
    if (*joined == TERM_NONE) {
        const struct interval x = replay_state_interval(context, one, a);
        const struct interval y = replay_state_interval(context, other, b);
        *joined = term_fresh(&context->terms, interval_join(&x, &y));
    }
    return *joined;
}

/* The term of a word that is a cell in 'state' only. */
static uint32_t join_at_entry(struct replay_context *context,
                              const struct replay_state *state,
                              const struct replay_cell *word)
{
    const struct interval here =
        replay_state_interval(context, state, word->term);
    const struct interval rest =
        certificate_interval(context->certificate, word->key, word->key + 4);
    return term_fresh(&context->terms, interval_join(&here, &rest));
}

static void join_cells(struct replay_context *context,
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
            term = join_at_entry(context, one, &one->cells[i]);
        } else {
            term = join_at_entry(context, other, &other->cells[k]);
        }
        replay_state_strong_update(context, into, a < b ? a : b, term);
        i += a <= b ? 1 : 0;
        k += b <= a ? 1 : 0;
    }
}

/* The refinements that hold on both sides, where they are narrower than the
 * term's own interval. */
static void join_facts(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *one,
                       const struct replay_state *other)
{
    uint32_t i = 0;
    uint32_t k = 0;
    into->fact_count = 0;
    if (into->fact_capacity < one->fact_count + other->fact_count) {
        into->fact_capacity = 2 * (one->fact_count + other->fact_count);
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
    u64map_clear(&context->pairs);
    join_cells(context, into, one, other);
    for (uint32_t i = 0; i < into->slot_count; i++) {
        into->slots[i] =
            join_terms(context, one, other, one->slots[i], other->slots[i]);
    }
    join_facts(context, into, one, other);
    replay_state_release(context, one);
    context->work +=
        (uint64_t)other->slot_count + other->cell_count + other->fact_count;
}
