/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/state.h"

#include <string.h>

/* Facts that hold on both sides, as far as they say more than the values. */
static void join_facts(struct state_world *world, struct state *joined,
                       const struct state *a, const struct state *b)
{
    uint32_t i = 0;
    uint32_t k = 0;
    joined->fact_count = 0;
    while (i < a->fact_count || k < b->fact_count) {
        bool is_a =
            k == b->fact_count ||
            (i < a->fact_count && a->facts[i].value <= b->facts[k].value);
        uint32_t number = is_a ? a->facts[i].value : b->facts[k].value;
        i += i < a->fact_count && a->facts[i].value == number ? 1 : 0;
        k += k < b->fact_count && b->facts[k].value == number ? 1 : 0;
        const struct range x = state_range(world, a, number);
        const struct range y = state_range(world, b, number);
        struct range both = range_join(&x, &y);
        const struct range *own = &world->values.values[number].range;
        if (range_meet(&both, &both, own) && !range_equal(&both, own)) {
            joined->facts =
                arena_grow(world->arena, joined->facts, joined->fact_count,
                           &joined->fact_capacity, sizeof(*joined->facts));
            joined->facts[joined->fact_count++] =
                (struct state_fact){number, both};
        }
    }
}

static uint32_t join_values(struct state_world *world, struct pairs *pairs,
                            const struct state *a, const struct state *b,
                            uint32_t x, uint32_t y, uint64_t key)
{
    if (x == y) {
        return x;
    }
    if (x == VALUE_NONE || y == VALUE_NONE) {
        return VALUE_NONE;
    }
    uint32_t at = pairs_find(pairs, x, y, world->arena);
    struct pair *pair = &pairs->list[at];
    if (pair->joined == VALUE_NONE) {
        const struct range left = state_range(world, a, x);
        const struct range right = state_range(world, b, y);
        pair->joined =
            value_leaf_of(&world->values, range_join(&left, &right), key);
    }
    return pair->joined;
}

/* A cell that one side has not touched still holds there what it may. */
static uint32_t join_untouched(struct state_world *world,
                               const struct state *state,
                               const struct state_cell *cell)
{
    const struct range here = state_range(world, state, cell->value);
    const struct range there = state_untouched(world, cell->key);
    return value_leaf_of(&world->values, range_join(&here, &there), cell->key);
}

static void join_cells(struct state_world *world, struct state *joined,
                       struct pairs *pairs, const struct state *a,
                       const struct state *b)
{
    uint32_t i = 0;
    uint32_t k = 0;
    joined->cell_count = 0;
    while (i < a->cell_count || k < b->cell_count) {
        const struct state_cell *x = i < a->cell_count ? &a->cells[i] : NULL;
        const struct state_cell *y = k < b->cell_count ? &b->cells[k] : NULL;
        if (x != NULL && y != NULL && x->key == y->key) {
            uint32_t value =
                join_values(world, pairs, a, b, x->value, y->value, x->key);
            state_write_cell(world, joined, x->key, value);
            i++;
            k++;
        } else if (x != NULL && (y == NULL || x->key < y->key)) {
            state_write_cell(world, joined, x->key,
                             join_untouched(world, a, x));
            i++;
        } else if (y != NULL) {
            state_write_cell(world, joined, y->key,
                             join_untouched(world, b, y));
            k++;
        }
    }
}

void state_join(struct state_world *world, struct state *into,
                const struct state *other)
{
    if (other->is_dead) {
        return;
    }
    if (into->is_dead) {
        state_copy(world, into, other);
        return;
    }
    struct pairs *pairs = &world->pairs;
    struct state *before = state_take(world);
    state_copy(world, before, into);
    pairs_clear(pairs);
    join_cells(world, into, pairs, before, other);
    for (uint32_t i = 0; i < into->slot_count; i++) {
        into->slots[i] =
            join_values(world, pairs, before, other, before->slots[i],
                        other->slots[i], VALUE_NO_KEY);
    }
    join_facts(world, into, before, other);
    state_give(world, before);
}

/* ---- Loops ---- */

static struct state_leaf *find_leaf(const struct state_loop *loop,
                                    uint32_t value)
{
    for (uint32_t i = loop->leaf_count; i > 0; i--) {
        if (loop->leaves[i - 1].value == value) {
            return &loop->leaves[i - 1];
        }
    }
    return NULL;
}

static void add_leaf(struct state_world *world, struct state_loop *loop,
                     const struct state_leaf *leaf)
{
    loop->leaves = arena_grow(world->arena, loop->leaves, loop->leaf_count,
                              &loop->leaf_capacity, sizeof(*loop->leaves));
    loop->leaves[loop->leaf_count++] = *leaf;
}

/* Every pair of values at the head and at the end of a round. */
static void collect_pairs(struct state_world *world, const struct state *head,
                          const struct state *back)
{
    struct pairs *pairs = &world->pairs;
    pairs_clear(pairs);
    uint32_t k = 0;
    for (uint32_t i = 0; i < head->slot_count; i++) {
        (void)pairs_find(pairs, head->slots[i], back->slots[i], world->arena);
    }
    for (uint32_t i = 0; i < head->cell_count; i++) {
        while (back->cells[k].key < head->cells[i].key) {
            k++;
        }
        uint32_t at = pairs_find(pairs, head->cells[i].value,
                                 back->cells[k].value, world->arena);
        pairs->list[at].key = head->cells[i].key;
    }
}

/* Whether the places that hold 'a' at the head all hold 'b' after a round. */
static bool is_only_pair(const struct pairs *pairs, const struct pair *pair)
{
    for (uint32_t i = 0; i < pairs->count; i++) {
        if (pairs->list[i].a == pair->a && pairs->list[i].b != pair->b) {
            return false;
        }
    }
    return true;
}

/*
 * What a growing word holds between calls is where its growing in a loop may
 * well end, too: 'wide', or less than it.
 */
static void aim_at_kept(const struct state_world *world, uint64_t key,
                        const struct range *before, const struct range *after,
                        struct range *wide)
{
    if (key == VALUE_NO_KEY) {
        return;
    }
    const struct range kept = memory_word(world->memory, key);
    const struct range goal = range_join(before, &kept);
    if (range_within(after, &goal) && range_within(&goal, wide)) {
        *wide = goal;
    }
}

/*
 * What a place holds in any round. A value that a round changes becomes a leaf
 * of the loop's own: it may not go on standing for what was there before, of
 * which more may be known, and which other places may still hold.
 */
static void widen_pair(struct state_world *world, struct state_loop *loop,
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
    const struct range before = state_range(world, loop->head, pair->a);
    const struct range after = state_range(world, back, pair->b);
    const struct state_leaf *own = find_leaf(loop, pair->a);
    uint32_t growths = own == NULL ? 0 : own->growths;
    struct range wide =
        memory_widen(world->memory, pair->key, &before, &after, growths);
    bool is_same = range_equal(&wide, &before);
    if (is_same && (range_is_constant(&wide) ||
                    (own != NULL && is_only_pair(&world->pairs, pair)))) {
        pair->joined = pair->a;
        return;
    }
    if (!is_same && own != NULL && own->has_target &&
        range_within(&after, &own->target)) {
        wide = range_join(&before, &own->target);
    }
    if (!is_same) {
        aim_at_kept(world, pair->key, &before, &after, &wide);
    }
    *has_changed = true;
    pair->joined = value_leaf_of(&world->values, wide, pair->key);
    struct state_leaf leaf = {.value = pair->joined, .growths = growths + 1};
    leaf.grows_down = wide.lo < before.lo;
    leaf.grows_up = wide.hi > before.hi;
    add_leaf(world, loop, &leaf);
}

/* A cell that only the round has touched joins the head. */
static void widen_cells(struct state_world *world, struct state *head,
                        struct state_loop *loop, const struct state *back,
                        bool *has_changed)
{
    struct pairs *pairs = &world->pairs;
    uint32_t i = 0;
    for (uint32_t k = 0; k < back->cell_count; k++) {
        const struct state_cell *cell = &back->cells[k];
        if (i < loop->head->cell_count &&
            loop->head->cells[i].key == cell->key) {
            uint32_t at = pairs_find(pairs, loop->head->cells[i].value,
                                     cell->value, world->arena);
            state_write_cell(world, head, cell->key, pairs->list[at].joined);
            i++;
        } else {
            const struct range was = state_untouched(world, cell->key);
            struct state_leaf leaf = {.value =
                                          join_untouched(world, back, cell)};
            const struct range *now = &world->values.values[leaf.value].range;
            leaf.grows_down = now->lo < was.lo;
            leaf.grows_up = now->hi > was.hi;
            add_leaf(world, loop, &leaf);
            state_write_cell(world, head, cell->key, leaf.value);
            *has_changed = true;
        }
    }
}

/* Whether all that 'before' tells of values holds in 'after' too. */
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

bool state_widen(struct state_world *world, struct state_loop *loop,
                 const struct state *back)
{
    struct pairs *pairs = &world->pairs;
    bool has_changed = false;
    if (back->is_dead) {
        return false;
    }
    loop->rounds++;
    collect_pairs(world, loop->head, back);
    for (uint32_t i = 0; i < pairs->count; i++) {
        widen_pair(world, loop, &pairs->list[i], back, &has_changed);
    }
    struct state *head = state_take(world);
    head->is_dead = false;
    for (uint32_t i = 0; i < loop->head->slot_count; i++) {
        uint32_t at = pairs_find(pairs, loop->head->slots[i], back->slots[i],
                                 world->arena);
        state_push(world, head, pairs->list[at].joined);
    }
    widen_cells(world, head, loop, back, &has_changed);
    join_facts(world, head, loop->head, back);
    has_changed = has_changed || !are_facts_kept(head, loop->head);
    state_give(world, loop->head);
    loop->head = head;
    return has_changed;
}

/* ---- Trials ---- */

bool state_begin_trial(struct state_world *world, struct state_loop *loop,
                       struct state *trial)
{
    bool is_any = false;
    state_copy(world, trial, loop->head);
    for (uint32_t k = 0; k < loop->leaf_count; k++) {
        struct state_leaf *leaf = &loop->leaves[k];
        if (!leaf->grows_down && !leaf->grows_up) {
            continue;
        }
        const struct range range = state_range(world, loop->head, leaf->value);
        uint32_t far =
            value_leaf(&world->values, memory_suppose(&range, leaf->grows_down,
                                                      leaf->grows_up));
        for (uint32_t i = 0; i < trial->slot_count; i++) {
            if (trial->slots[i] == leaf->value) {
                trial->slots[i] = far;
                is_any = true;
            }
        }
        for (uint32_t i = 0; i < trial->cell_count; i++) {
            if (trial->cells[i].value == leaf->value) {
                trial->cells[i].value = far;
                is_any = true;
            }
        }
    }
    return is_any;
}

/* One place where 'leaf' stands at the head now holds 'seen'. */
static void aim(struct state_leaf *leaf, const struct range *seen)
{
    leaf->target = leaf->has_target ? range_join(&leaf->target, seen) : *seen;
    leaf->has_target = true;
}

void state_end_trial(struct state_world *world, struct state_loop *loop,
                     const struct state *back)
{
    const struct state *head = loop->head;
    uint32_t k = 0;
    if (back->is_dead) {
        return;
    }
    for (uint32_t i = 0; i < head->slot_count; i++) {
        struct state_leaf *leaf = find_leaf(loop, head->slots[i]);
        const struct range seen = state_range(world, back, back->slots[i]);
        if (leaf != NULL) {
            aim(leaf, &seen);
        }
    }
    for (uint32_t i = 0; i < head->cell_count; i++) {
        while (back->cells[k].key < head->cells[i].key) {
            k++;
        }
        struct state_leaf *leaf = find_leaf(loop, head->cells[i].value);
        const struct range seen =
            state_range(world, back, back->cells[k].value);
        if (leaf != NULL) {
            aim(leaf, &seen);
        }
    }
    for (uint32_t i = 0; i < loop->leaf_count; i++) {
        struct state_leaf *leaf = &loop->leaves[i];
        leaf->has_target =
            leaf->has_target &&
            memory_is_bounded(&leaf->target, leaf->grows_down, leaf->grows_up);
    }
}
