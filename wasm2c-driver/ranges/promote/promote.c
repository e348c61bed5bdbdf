/* SPDX-License-Identifier: MIT */
#include "ranges/promote/promote.h"

#include "ranges/promote/promote_accesses.h"

#include "ranges/analysis/observe.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FLUSHED = 8192 }; /* words that all guards together store */

static int compare_accesses(const void *left, const void *right)
{
    const struct access *a = left;
    const struct access *b = right;
    int order = spans_compare(&a->span, &b->span);
    return order != 0 ? order : (a->site > b->site) - (a->site < b->site);
}

/* The candidate of access 'first' and of all after it with the same span. */
static struct word find_word(const struct promote_search *search,
                             uint32_t first)
{
    struct word word = {.span = search->accesses[first].span, .first = first};
    for (uint32_t i = first;
         i < search->count &&
         spans_compare(&search->accesses[i].span, &word.span) == 0;
         i++) {
        enum wasm_type type = search->accesses[i].type;
        word.floats += type == WASM_F32 || type == WASM_F64 ? 1 : 0;
        word.is_written |= search->accesses[i].is_store;
        word.count++;
    }
    return word;
}

static void find_words(struct promote_search *search)
{
    search->words =
        arena_alloc(search->arena, search->count, sizeof(*search->words));
    if (search->count > 0) {
        qsort(search->accesses, search->count, sizeof(*search->accesses),
              compare_accesses);
    }
    for (uint32_t i = 0; i < search->count;
         i += search->words[search->word_count++].count) {
        search->words[search->word_count] = find_word(search, i);
    }
}

/* Words that overlap a written one cannot be promoted, nor can that. */
static void exclude_overlaps(struct promote_search *search)
{
    for (uint32_t i = 0; i < search->word_count; i++) {
        const struct word *word = &search->words[i];
        for (uint32_t k = i + 1; k < search->word_count &&
                                 search->words[k].span.start < word->span.end;
             k++) {
            const struct word *other = &search->words[k];
            if (word->is_written || other->is_written) {
                promote_search_add_write(
                    search, (struct span){other->span.start, word->span.end});
            }
        }
    }
}

static enum wasm_type word_type(const struct word *word)
{
    bool is_wide = word->span.end - word->span.start == sizeof(uint64_t);
    if (2 * word->floats >= word->count) {
        return is_wide ? WASM_F64 : WASM_F32;
    }
    return is_wide ? WASM_I64 : WASM_I32;
}

/*
 * The guard of a load: the widest range around its observed addresses without a
 * written promoted word, where memory is up to date. False when it was observed
 * to read one.
 */
static bool find_guard(const struct promote_search *search,
                       const struct other_load *load,
                       struct promote_guard *guard)
{
    const struct observation *observation = search->analysis->observation;
    const struct wasm_insn *insn = load->op != NULL ? &load->op->insn : NULL;
    uint32_t lo = 0;
    uint32_t hi = 0;
    if (insn == NULL || observation == NULL ||
        !observation->sites[load->op->site].is_seen ||
        !range_unsigned(&observation->sites[load->op->site].address, &lo,
                        &hi)) {
        return false;
    }
    uint32_t bytes = body_access_bytes(insn->code);
    struct span all = promote_search_memory(search, insn->index2);
    struct span near = {all.start + lo, all.start + hi + bytes};
    if (near.end > all.end || spans_meet(&search->dirty, near)) {
        return false;
    }
    const struct span *words = search->dirty.items;
    uint32_t next = spans_find(&search->dirty, near.start);
    if (next > 0 && words[next - 1].end > all.start) {
        all.start = words[next - 1].end;
    }
    if (next < search->dirty.count && words[next].start < all.end) {
        all.end = words[next].start;
    }
    uint64_t start = all.start - ((uint64_t)insn->index2 << 32);
    uint64_t last = all.end - ((uint64_t)insn->index2 << 32) - bytes;
    uint64_t offset = insn->memarg_offset;
    *guard = (struct promote_guard){
        .is_guarded = true,
        .first = start > offset ? (uint32_t)(start - offset) : 0,
        .last = (uint32_t)(last - offset),
    };
    return true;
}

/* Loads that may alias written promoted words, or trap, get a guard; without
 * one, all that they may read is observable. */
static void find_guards(struct promote_search *search)
{
    struct promotion *promotion = search->promotion;
    uint32_t site_count = search->analysis->bodies.site_count;
    struct promote_guard *guards =
        arena_alloc(search->arena, site_count, sizeof(*guards));
    uint32_t count = 0;
    for (uint32_t i = 0; i < search->other_load_count; i++) {
        const struct other_load *load = &search->other_loads[i];
        struct promote_guard guard;
        if (load->is_inside && !spans_meet(&search->dirty, load->span)) {
            continue;
        }
        if (!promotion->may_trap &&
            count < MAX_FLUSHED / (search->dirty.count + 1) &&
            find_guard(search, load, &guard)) {
            guards[load->op->site] = guard;
            count++;
        } else {
            promotion->may_trap |= !load->is_inside;
            spans_add(&search->observable, load->span, search->arena);
        }
    }
    if (promotion->may_trap) { /* then every store is written through */
        memset(guards, 0, site_count * sizeof(*guards));
    }
    spans_settle(&search->observable);
    promotion->guards = guards;
}

static int compare_uses(const void *left, const void *right)
{
    const struct word *a = *(const struct word *const *)left;
    const struct word *b = *(const struct word *const *)right;
    if (a->count != b->count) {
        return a->count > b->count ? -1 : 1;
    }
    return spans_compare(&a->span, &b->span);
}

/* Promote the words that no other store may write; of very many, those with the
 * most accesses. */
static void select_words(struct promote_search *search)
{
    uint32_t count = 0;
    struct word **words =
        arena_alloc(search->arena, search->word_count, sizeof(struct word *));
    for (uint32_t i = 0; i < search->word_count; i++) {
        if (!spans_meet(&search->writes, search->words[i].span)) {
            words[count++] = &search->words[i];
        }
    }
    if (count > PROMOTE_MAX) {
        qsort(words, count, sizeof(struct word *), compare_uses);
        count = PROMOTE_MAX;
    }
    for (uint32_t i = 0; i < count; i++) {
        words[i]->is_promoted = true;
        if (words[i]->is_written) {
            spans_add(&search->dirty, words[i]->span, search->arena);
        }
    }
    spans_settle(&search->dirty);
}

static void make_words(struct promote_search *search)
{
    struct promotion *promotion = search->promotion;
    uint32_t site_count = search->analysis->bodies.site_count;
    uint32_t *word_of_site =
        arena_alloc(search->arena, site_count, sizeof(*word_of_site));
    struct promoted_word *words =
        arena_alloc(search->arena, search->word_count, sizeof(*words));
    for (uint32_t i = 0; i < site_count; i++) {
        word_of_site[i] = PROMOTE_NONE;
    }
    for (uint32_t i = 0; i < search->word_count; i++) {
        const struct word *word = &search->words[i];
        if (!word->is_promoted) {
            continue;
        }
        for (uint32_t k = 0; k < word->count; k++) {
            word_of_site[search->accesses[word->first + k].site] =
                promotion->word_count;
        }
        bool is_observable =
            promotion->may_trap || spans_meet(&search->observable, word->span);
        words[promotion->word_count++] = (struct promoted_word){
            .memory = (uint32_t)(word->span.start >> 32),
            .address = (uint32_t)word->span.start,
            .type = word_type(word),
            .is_written = word->is_written,
            .is_written_through = word->is_written && is_observable,
        };
    }
    promotion->words = words;
    promotion->word_of_site = word_of_site;
}

const struct promotion *promote_find(const struct analysis *analysis,
                                     struct arena *arena)
{
    struct promotion *promotion = arena_alloc(arena, 1, sizeof(*promotion));
    struct promote_search search = {
        .analysis = analysis, .arena = arena, .promotion = promotion};
    promote_search_run(&search);
    find_words(&search);
    exclude_overlaps(&search);
    spans_settle(&search.writes);
    select_words(&search);
    find_guards(&search);
    make_words(&search);
    return promotion;
}
