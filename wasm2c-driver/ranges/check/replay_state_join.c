/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay_state.h"

#include <string.h>

/* ---- Pairs ---- */

static void forget_pairs(struct moments *moments)
{
    enum { ROOM = 64 };
    if (moments->pair_room == 0) {
        moments->pair_room = ROOM;
        moments->pairs =
            arena_alloc(moments->arena, ROOM, sizeof(*moments->pairs));
        moments->pair_table = arena_alloc(moments->arena, 2 * (size_t)ROOM,
                                          sizeof(*moments->pair_table));
    }
    moments->pair_count = 0;
    memset(moments->pair_table, 0,
           2 * (size_t)moments->pair_room * sizeof(*moments->pair_table));
}

static uint32_t *seek(const struct moments *moments, uint32_t a, uint32_t b)
{
    uint64_t hash =
        ((uint64_t)a << 32 | b) * UINT64_C(0x9e3779b97f4a7c15) >> 32;
    uint32_t size = 2 * moments->pair_room;
    uint32_t at = (uint32_t)hash % size;
    while (moments->pair_table[at] != 0) {
        const struct moment_pair *pair =
            &moments->pairs[moments->pair_table[at] - 1];
        if (pair->a == a && pair->b == b) {
            break;
        }
        at = at + 1 == size ? 0 : at + 1;
    }
    return &moments->pair_table[at];
}

static void add_pair(struct moments *moments, struct moment_pair pair)
{
    if (moments->pair_count == moments->pair_room) {
        const struct moment_pair *old = moments->pairs;
        moments->pair_room *= 2;
        moments->pairs = arena_alloc(moments->arena, moments->pair_room,
                                     sizeof(*moments->pairs));
        moments->pair_table =
            arena_alloc(moments->arena, 2 * (size_t)moments->pair_room,
                        sizeof(*moments->pair_table));
        memcpy(moments->pairs, old, moments->pair_count * sizeof(*old));
        for (uint32_t i = 0; i < moments->pair_count; i++) {
            *seek(moments, old[i].a, old[i].b) = i + 1;
        }
    }
    moments->pairs[moments->pair_count] = pair;
    *seek(moments, pair.a, pair.b) = ++moments->pair_count;
}

/* ---- Joining ---- */

/* Places where the same two terms meet go on holding the same number. */
static uint32_t join_terms(struct moments *moments, const struct moment *one,
                           const struct moment *other, uint32_t a, uint32_t b)
{
    if (a == b || a == TERM_NONE || b == TERM_NONE) {
        return a == b ? a : TERM_NONE;
    }
    uint32_t found = *seek(moments, a, b);
    if (found != 0) {
        return moments->pairs[found - 1].term;
    }
    const struct interval x = moment_look(moments, one, a);
    const struct interval y = moment_look(moments, other, b);
    const struct moment_pair pair = {
        a, b, term_unknown(&moments->terms, interval_hull(&x, &y))};
    add_pair(moments, pair);
    return pair.term;
}

/* A word that only 'moment' follows. */
static uint32_t join_with_rest(struct moments *moments,
                               const struct moment *moment,
                               const struct moment_word *word)
{
    const struct interval here = moment_look(moments, moment, word->term);
    const struct interval rest =
        certificate_hold(moments->certificate, word->key, word->key + 4);
    return term_unknown(&moments->terms, interval_hull(&here, &rest));
}

static void join_words(struct moments *moments, struct moment *into,
                       const struct moment *one, const struct moment *other)
{
    uint32_t i = 0;
    uint32_t k = 0;
    into->word_count = 0;
    while (i < one->word_count || k < other->word_count) {
        uint64_t a = i < one->word_count ? one->words[i].key : UINT64_MAX;
        uint64_t b = k < other->word_count ? other->words[k].key : UINT64_MAX;
        uint32_t term = TERM_NONE;
        if (a == b) {
            term = join_terms(moments, one, other, one->words[i].term,
                              other->words[k].term);
        } else if (a < b) {
            term = join_with_rest(moments, one, &one->words[i]);
        } else {
            term = join_with_rest(moments, other, &other->words[k]);
        }
        moment_write(moments, into, a < b ? a : b, term);
        i += a <= b ? 1 : 0;
        k += b <= a ? 1 : 0;
    }
}

/* What either knows of a term, as far as that is news. */
static void join_facts(struct moments *moments, struct moment *into,
                       const struct moment *one, const struct moment *other)
{
    uint32_t i = 0;
    uint32_t k = 0;
    into->fact_count = 0;
    if (into->fact_room < one->fact_count + other->fact_count) {
        into->fact_room = one->fact_count + other->fact_count;
        into->facts =
            arena_alloc(moments->arena, into->fact_room, sizeof(*into->facts));
    }
    while (i < one->fact_count || k < other->fact_count) {
        uint32_t a = i < one->fact_count ? one->facts[i].term : UINT32_MAX;
        uint32_t b = k < other->fact_count ? other->facts[k].term : UINT32_MAX;
        uint32_t term = a < b ? a : b;
        i += a == term ? 1 : 0;
        k += b == term ? 1 : 0;
        const struct interval x = moment_look(moments, one, term);
        const struct interval y = moment_look(moments, other, term);
        const struct interval both = interval_hull(&x, &y);
        const struct interval *own = &moments->terms.list[term].interval;
        if (!interval_inside(own, &both)) {
            into->facts[into->fact_count++] = (struct moment_fact){term, both};
        }
    }
}

void moment_join(struct moments *moments, struct moment *into,
                 const struct moment *other)
{
    if (other->is_never) {
        return;
    }
    if (into->is_never) {
        moment_set(moments, into, other);
        return;
    }
    struct moment *one = moment_copy(moments, into);
    forget_pairs(moments);
    join_words(moments, into, one, other);
    for (uint32_t i = 0; i < into->height; i++) {
        into->stack[i] =
            join_terms(moments, one, other, one->stack[i], other->stack[i]);
    }
    join_facts(moments, into, one, other);
    moment_give(moments, one);
    moments->work +=
        (uint64_t)other->height + other->word_count + other->fact_count;
}
