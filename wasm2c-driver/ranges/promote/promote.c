/* SPDX-License-Identifier: MIT */
#include "ranges/promote/promote_accesses.h"

#include "ranges/analysis/observe.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FLUSHED = 8192 }; /* words that all guards together write back */

static int compare_accesses(const void *left, const void *right)
{
    const struct access *a = left;
    const struct access *b = right;
    int order = spans_compare(&a->span, &b->span);
    return order != 0 ? order : (a->site > b->site) - (a->site < b->site);
}

/* The word of the access number 'first' and of all after it at its place. */
static struct word find_word(const struct keep_search *search, uint32_t first)
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

static void find_words(struct keep_search *search)
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

/* Words that overlap one that is written: none of them can be kept. */
static void add_crossings(struct keep_search *search)
{
    for (uint32_t i = 0; i < search->word_count; i++) {
        const struct word *word = &search->words[i];
        for (uint32_t k = i + 1; k < search->word_count &&
                                 search->words[k].span.start < word->span.end;
             k++) {
            const struct word *other = &search->words[k];
            if (word->is_written || other->is_written) {
                keep_search_add_write(
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
 * Guard a load: 'guard' is as far around the addresses that it was seen at as
 * there are no written words, so that memory is right there. False when it was
 * seen to read some.
 */
static bool find_guard(const struct keep_search *search,
                       const struct look *look, struct keep_guard *guard)
{
    const struct observation *seen = search->analysis->seen;
    const struct wasm_insn *insn =
        look->step != NULL ? &look->step->insn : NULL;
    uint32_t lo = 0;
    uint32_t hi = 0;
    if (insn == NULL || seen == NULL ||
        !seen->sites[look->step->site].is_seen ||
        !range_unsigned(&seen->sites[look->step->site].address, &lo, &hi)) {
        return false;
    }
    uint32_t bytes = code_access_bytes(insn->code);
    struct span all = keep_search_memory(search, insn->index2);
    struct span near = {all.start + lo, all.start + hi + bytes};
    if (near.end > all.end || spans_meet(&search->kept, near)) {
        return false;
    }
    const struct span *words = search->kept.items;
    uint32_t next = spans_find(&search->kept, near.start);
    if (next > 0 && words[next - 1].end > all.start) {
        all.start = words[next - 1].end;
    }
    if (next < search->kept.count && words[next].start < all.end) {
        all.end = words[next].start;
    }
    uint64_t start = all.start - ((uint64_t)insn->index2 << 32);
    uint64_t last = all.end - ((uint64_t)insn->index2 << 32) - bytes;
    uint64_t offset = insn->memarg_offset;
    *guard = (struct keep_guard){
        .is_guarded = true,
        .first = start > offset ? (uint32_t)(start - offset) : 0,
        .last = (uint32_t)(last - offset),
    };
    return true;
}

/* Loads that may read written words, or trap: guarded, or else all that they
 * may read has to be right in memory at any time. */
static void find_guards(struct keep_search *search)
{
    struct keep *keep = search->keep;
    uint32_t site_count = search->analysis->code.site_count;
    struct keep_guard *guards =
        arena_alloc(search->arena, site_count, sizeof(*guards));
    uint32_t count = 0;
    for (uint32_t i = 0; i < search->look_count; i++) {
        const struct look *look = &search->looks[i];
        struct keep_guard guard;
        if (look->is_inside && !spans_meet(&search->kept, look->span)) {
            continue;
        }
        if (!keep->may_trap && count < MAX_FLUSHED / (search->kept.count + 1) &&
            find_guard(search, look, &guard)) {
            guards[look->step->site] = guard;
            count++;
        } else {
            keep->may_trap |= !look->is_inside;
            spans_add(&search->shown, look->span, search->arena);
        }
    }
    if (keep->may_trap) { /* then all is written at once */
        memset(guards, 0, site_count * sizeof(*guards));
    }
    spans_settle(&search->shown);
    keep->guards = guards;
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

/* Words that nothing else writes; of very many those that code names most. */
static void find_kept(struct keep_search *search)
{
    uint32_t count = 0;
    struct word **words =
        arena_alloc(search->arena, search->word_count, sizeof(struct word *));
    for (uint32_t i = 0; i < search->word_count; i++) {
        if (!spans_meet(&search->writes, search->words[i].span)) {
            words[count++] = &search->words[i];
        }
    }
    if (count > KEEP_MAX) {
        qsort(words, count, sizeof(struct word *), compare_uses);
        count = KEEP_MAX;
    }
    for (uint32_t i = 0; i < count; i++) {
        words[i]->is_kept = true;
        if (words[i]->is_written) {
            spans_add(&search->kept, words[i]->span, search->arena);
        }
    }
    spans_settle(&search->kept);
}

static void make_cells(struct keep_search *search)
{
    struct keep *keep = search->keep;
    uint32_t site_count = search->analysis->code.site_count;
    uint32_t *cell_of_site =
        arena_alloc(search->arena, site_count, sizeof(*cell_of_site));
    struct keep_cell *cells =
        arena_alloc(search->arena, search->word_count, sizeof(*cells));
    for (uint32_t i = 0; i < site_count; i++) {
        cell_of_site[i] = KEEP_NONE;
    }
    for (uint32_t i = 0; i < search->word_count; i++) {
        const struct word *word = &search->words[i];
        if (!word->is_kept) {
            continue;
        }
        for (uint32_t k = 0; k < word->count; k++) {
            cell_of_site[search->accesses[word->first + k].site] =
                keep->cell_count;
        }
        bool is_shown =
            keep->may_trap || spans_meet(&search->shown, word->span);
        cells[keep->cell_count++] = (struct keep_cell){
            .memory = (uint32_t)(word->span.start >> 32),
            .address = (uint32_t)word->span.start,
            .type = word_type(word),
            .is_written = word->is_written,
            .is_through = word->is_written && is_shown,
        };
    }
    keep->cells = cells;
    keep->cell_of_site = cell_of_site;
}

const struct keep *keep_find(const struct analysis *analysis,
                             struct arena *arena)
{
    struct keep *keep = arena_alloc(arena, 1, sizeof(*keep));
    struct keep_search search = {
        .analysis = analysis, .arena = arena, .keep = keep};
    keep_search_run(&search);
    find_words(&search);
    add_crossings(&search);
    spans_settle(&search.writes);
    find_kept(&search);
    find_guards(&search);
    make_cells(&search);
    return keep;
}
