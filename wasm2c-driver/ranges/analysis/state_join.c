/* SPDX-License-Identifier: MIT */
/* Joins, widening and extrapolation of state.h. */
#include "ranges/analysis/state.h"

#include <string.h>

static void append_fact(struct state_context *context, struct state *state,
                        const struct state_fact *fact)
{
    state->facts = arena_grow(context->arena, state->facts, state->fact_count,
                              &state->fact_capacity, sizeof(*state->facts));
    state->facts[state->fact_count++] = *fact;
}

/* The refinements that hold on both sides, where they are narrower than the
 * value's own range. */
static void join_facts(struct state_context *context, struct state *joined,
                       const struct state *a, const struct state *b)
{
    uint32_t i = 0;
    uint32_t k = 0;
    joined->fact_count = 0;
    while (i < a->fact_count || k < b->fact_count) {
        uint32_t x = i < a->fact_count ? a->facts[i].value : UINT32_MAX;
        uint32_t y = k < b->fact_count ? b->facts[k].value : UINT32_MAX;
        uint32_t number = x < y ? x : y;
        bool is_same =
            x == y && range_equal(&a->facts[i].range, &b->facts[k].range);
        if (is_same) {
            append_fact(context, joined, &a->facts[i]);
        }
        i += x == number ? 1 : 0;
        k += y == number ? 1 : 0;
        if (is_same) {
            continue;
        }
        const struct range left = state_range(context, a, number);
        const struct range right = state_range(context, b, number);
        struct range both = range_join(&left, &right);
        const struct range *own = &context->values.values[number].range;
        if (range_meet(&both, &both, own) && !range_equal(&both, own)) {
            const struct state_fact fact = {number, both};
            append_fact(context, joined, &fact);
        }
    }
}

static uint32_t join_values(struct state_context *context, struct pairs *pairs,
                            const struct state *a, const struct state *b,
                            uint32_t x, uint32_t y, uint64_t key)
{
    if (x == y) {
        return x;
    }
    if (x == VALUE_NONE || y == VALUE_NONE) {
        return VALUE_NONE;
    }
    uint32_t at = pairs_find(pairs, x, y, context->arena);
    struct pair *pair = &pairs->list[at];
    if (pair->joined == VALUE_NONE) {
        const struct range left = state_range(context, a, x);
        const struct range right = state_range(context, b, y);
        pair->joined =
            value_fresh_word(&context->values, range_join(&left, &right), key);
    }
    return pair->joined;
}

/* The value of a word that is a cell on one side only: the other side still has
 * it as at the entry. */
static uint32_t join_at_entry(struct state_context *context,
                              const struct state *state,
                              const struct state_cell *cell)
{
    const struct range here = state_range(context, state, cell->value);
    const struct range there = state_at_entry(context, cell->key);
    return value_fresh_word(&context->values, range_join(&here, &there),
                            cell->key);
}

/* How many cells from 'i' and 'k' on are the same: in a large patch, most. */
static uint32_t count_same(const struct state *a, uint32_t i,
                           const struct state *b, uint32_t k)
{
    uint32_t first = i;
    while (i < a->cell_count && k < b->cell_count &&
           a->cells[i].key == b->cells[k].key &&
           a->cells[i].value == b->cells[k].value) {
        i++;
        k++;
    }
    return i - first;
}

static void append_cells(struct state_context *context, struct state *state,
                         const struct state_cell *cells, uint32_t count)
{
    while (state->cell_count + count > state->cell_capacity) {
        state->cells =
            arena_grow(context->arena, state->cells, state->cell_capacity,
                       &state->cell_capacity, sizeof(*state->cells));
    }
    if (count > 0) {
        memcpy(&state->cells[state->cell_count], cells, count * sizeof(*cells));
        state->cell_count += count;
    }
}

static void append_cell(struct state_context *context, struct state *state,
                        uint64_t key, uint32_t value)
{
    const struct state_cell cell = {key, value};
    append_cells(context, state, &cell, 1);
}

static void join_cells(struct state_context *context, struct state *joined,
                       struct pairs *pairs, const struct state *a,
                       const struct state *b)
{
    uint32_t i = 0;
    uint32_t k = 0;
    joined->cell_count = 0;
    while (i < a->cell_count || k < b->cell_count) {
        const struct state_cell *x = i < a->cell_count ? &a->cells[i] : NULL;
        const struct state_cell *y = k < b->cell_count ? &b->cells[k] : NULL;
        uint32_t same = count_same(a, i, b, k);
        if (same > 0) {
            append_cells(context, joined, x, same);
            i += same;
            k += same;
        } else if (x != NULL && y != NULL && x->key == y->key) {
            append_cell(
                context, joined, x->key,
                join_values(context, pairs, a, b, x->value, y->value, x->key));
            i++;
            k++;
        } else if (x != NULL && (y == NULL || x->key < y->key)) {
            append_cell(context, joined, x->key, join_at_entry(context, a, x));
            i++;
        } else if (y != NULL) {
            append_cell(context, joined, y->key, join_at_entry(context, b, y));
            k++;
        }
    }
}

void state_join(struct state_context *context, struct state *into,
                const struct state *other)
{
    if (other->is_unreachable) {
        return;
    }
    if (into->is_unreachable) {
        state_copy(context, into, other);
        return;
    }
    struct pairs *pairs = &context->pairs;
    struct state *before = state_acquire(context);
    state_copy(context, before, into);
    pairs_clear(pairs);
    join_cells(context, into, pairs, before, other);
    for (uint32_t i = 0; i < into->slot_count; i++) {
        into->slots[i] =
            join_values(context, pairs, before, other, before->slots[i],
                        other->slots[i], VALUE_NO_KEY);
    }
    join_facts(context, into, before, other);
    state_release(context, before);
}

/* ---- Loops ---- */

static struct loop_variant *find_variant(const struct state_loop *loop,
                                         uint32_t value)
{
    for (uint32_t i = loop->variant_count; i > 0; i--) {
        if (loop->variants[i - 1].value == value) {
            return &loop->variants[i - 1];
        }
    }
    return NULL;
}

static void add_variant(struct state_context *context, struct state_loop *loop,
                        const struct loop_variant *variant)
{
    loop->variants =
        arena_grow(context->arena, loop->variants, loop->variant_count,
                   &loop->variant_capacity, sizeof(*loop->variants));
    loop->variants[loop->variant_count++] = *variant;
}

/* Pair the values of each place at the head and at the back edge. */
static void collect_pairs(struct state_context *context,
                          const struct state *head, const struct state *back)
{
    struct pairs *pairs = &context->pairs;
    pairs_clear(pairs);
    uint32_t k = 0;
    for (uint32_t i = 0; i < head->slot_count; i++) {
        (void)pairs_find(pairs, head->slots[i], back->slots[i], context->arena);
    }
    for (uint32_t i = 0; i < head->cell_count; i++) {
        while (back->cells[k].key < head->cells[i].key) {
            k++;
        }
        uint32_t at = pairs_find(pairs, head->cells[i].value,
                                 back->cells[k].value, context->arena);
        pairs->list[at].key = head->cells[i].key;
    }
}

/* Whether all places that hold 'a' at the head hold 'b' at the back edge. */
static bool is_only_pair(const struct pairs *pairs, const struct pair *pair)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        if (pairs->list[i].a == pair->a && pairs->list[i].b != pair->b) {
            return false;
        }
    }
    return true;
}

/* A growing word often stops in a loop where it stops between calls: narrow
 * 'wide' to that range if it contains 'after'. */
static void limit_to_entry(const struct state_context *context, uint64_t key,
                           const struct range *before,
                           const struct range *after, struct range *wide)
{
    if (key == VALUE_NO_KEY) {
        return;
    }
    const struct range kept = memory_at_entry(context->memory, key);
    const struct range goal = range_join(before, &kept);
    if (range_within(after, &goal) && range_within(&goal, wide)) {
        *wide = goal;
    }
}

/*
 * The value of a place in any iteration. What an iteration changes becomes a
 * fresh symbol of this loop: the old number would stand for what was there
 * before the loop, of which more may be known and which other places may still
 * hold.
 */
static void widen_pair(struct state_context *context, struct state_loop *loop,
                       struct pair *pair, const struct state *back,
                       bool *has_changed)
{
    if (pair->a == pair->b || pair->a == VALUE_NONE) {
        pair->joined = pair->a;
        return;
    }
    *has_changed = *has_changed || pair->b == VALUE_NONE;
    if (pair->b == VALUE_NONE) {
        return;
    }
    const struct range before = state_range(context, loop->head, pair->a);
    const struct range after = state_range(context, back, pair->b);
    const struct loop_variant *own = find_variant(loop, pair->a);
    uint32_t growths = own == NULL ? 0 : own->growths;
    struct range wide =
        memory_widen(context->memory, pair->key, &before, &after, growths);
    bool is_same = range_equal(&wide, &before);
    if (is_same && (range_is_constant(&wide) ||
                    (own != NULL && is_only_pair(&context->pairs, pair)))) {
        pair->joined = pair->a;
        return;
    }
    if (!is_same && own != NULL && own->has_target &&
        range_within(&after, &own->target)) {
        wide = range_join(&before, &own->target);
    }
    if (!is_same) {
        limit_to_entry(context, pair->key, &before, &after, &wide);
    }
    *has_changed = true;
    pair->joined = value_fresh_word(&context->values, wide, pair->key);
    struct loop_variant variant = {.value = pair->joined,
                                   .growths = growths + 1};
    variant.grows_down = wide.lo < before.lo;
    variant.grows_up = wide.hi > before.hi;
    add_variant(context, loop, &variant);
}

/* A word that only the body has accessed becomes a cell at the head. */
static void widen_cells(struct state_context *context, struct state *head,
                        struct state_loop *loop, const struct state *back,
                        bool *has_changed)
{
    struct pairs *pairs = &context->pairs;
    uint32_t i = 0;
    for (uint32_t k = 0; k < back->cell_count; k++) {
        const struct state_cell *cell = &back->cells[k];
        if (i < loop->head->cell_count &&
            loop->head->cells[i].key == cell->key) {
            uint32_t at = pairs_find(pairs, loop->head->cells[i].value,
                                     cell->value, context->arena);
            state_strong_update(context, head, cell->key,
                                pairs->list[at].joined);
            i++;
        } else {
            const struct range was = state_at_entry(context, cell->key);
            struct loop_variant variant = {
                .value = join_at_entry(context, back, cell)};
            const struct range *now =
                &context->values.values[variant.value].range;
            variant.grows_down = now->lo < was.lo;
            variant.grows_up = now->hi > was.hi;
            add_variant(context, loop, &variant);
            state_strong_update(context, head, cell->key, variant.value);
            *has_changed = true;
        }
    }
}

/* Whether 'after' implies all refinements of 'before'. */
static bool are_facts_kept(const struct state *after,
                           const struct state *before)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < before->fact_count; i++) {
        const struct state_fact *fact = &before->facts[i];
        while (k < after->fact_count && after->facts[k].value < fact->value) {
            k++;
        }
        if (k == after->fact_count || after->facts[k].value != fact->value ||
            !range_within(&after->facts[k].range, &fact->range)) {
            return false;
        }
    }
    return true;
}

bool state_widen(struct state_context *context, struct state_loop *loop,
                 const struct state *back)
{
    struct pairs *pairs = &context->pairs;
    bool has_changed = false;
    if (back->is_unreachable) {
        return false;
    }
    loop->iterations++;
    collect_pairs(context, loop->head, back);
    for (uint32_t i = 0; i < pairs->count; i++) {
        widen_pair(context, loop, &pairs->list[i], back, &has_changed);
    }
    struct state *head = state_acquire(context);
    head->is_unreachable = false;
    for (uint32_t i = 0; i < loop->head->slot_count; i++) {
        uint32_t at = pairs_find(pairs, loop->head->slots[i], back->slots[i],
                                 context->arena);
        state_push(context, head, pairs->list[at].joined);
    }
    widen_cells(context, head, loop, back, &has_changed);
    join_facts(context, head, loop->head, back);
    has_changed = has_changed || !are_facts_kept(head, loop->head);
    state_release(context, loop->head);
    loop->head = head;
    return has_changed;
}

/* ---- Extrapolation ---- */

bool state_begin_extrapolation(struct state_context *context,
                               struct state_loop *loop,
                               struct state *extrapolated)
{
    bool is_any = false;
    state_copy(context, extrapolated, loop->head);
    for (uint32_t k = 0; k < loop->variant_count; k++) {
        struct loop_variant *variant = &loop->variants[k];
        if (!variant->grows_down && !variant->grows_up) {
            continue;
        }
        const struct range range =
            state_range(context, loop->head, variant->value);
        uint32_t far = value_fresh(
            &context->values,
            memory_extrapolate(&range, variant->grows_down, variant->grows_up));
        for (uint32_t i = 0; i < extrapolated->slot_count; i++) {
            if (extrapolated->slots[i] == variant->value) {
                extrapolated->slots[i] = far;
                is_any = true;
            }
        }
        for (uint32_t i = 0; i < extrapolated->cell_count; i++) {
            if (extrapolated->cells[i].value == variant->value) {
                extrapolated->cells[i].value = far;
                is_any = true;
            }
        }
    }
    return is_any;
}

/* A place that holds the variant at the head holds 'seen' at the back edge. */
static void add_target(struct loop_variant *variant, const struct range *seen)
{
    variant->target =
        variant->has_target ? range_join(&variant->target, seen) : *seen;
    variant->has_target = true;
}

void state_end_extrapolation(struct state_context *context,
                             struct state_loop *loop, const struct state *back)
{
    const struct state *head = loop->head;
    uint32_t k = 0;
    if (back->is_unreachable) {
        return;
    }
    for (uint32_t i = 0; i < head->slot_count; i++) {
        struct loop_variant *variant = find_variant(loop, head->slots[i]);
        const struct range seen = state_range(context, back, back->slots[i]);
        if (variant != NULL) {
            add_target(variant, &seen);
        }
    }
    for (uint32_t i = 0; i < head->cell_count; i++) {
        while (back->cells[k].key < head->cells[i].key) {
            k++;
        }
        struct loop_variant *variant = find_variant(loop, head->cells[i].value);
        const struct range seen =
            state_range(context, back, back->cells[k].value);
        if (variant != NULL) {
            add_target(variant, &seen);
        }
    }
    for (uint32_t i = 0; i < loop->variant_count; i++) {
        struct loop_variant *variant = &loop->variants[i];
        variant->has_target =
            variant->has_target &&
            memory_is_bounded(&variant->target, variant->grows_down,
                              variant->grows_up);
    }
}
