/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include "observe.h"
#include "spans.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FLUSHED = 8192 }; /* words that all guards together write back */

/* A load or store of a whole number at a known address. */
struct access {
    struct span span;
    uint32_t site;
    uint32_t code;
};

/* The accesses of one place. */
struct word {
    struct span span;
    uint32_t first; /* of search->accesses */
    uint32_t count;
    uint32_t floats; /* of these */
    bool is_written;
    bool is_kept;
};

/* Any other read: where it touches written words, memory has to be right. */
struct look {
    struct span span;             /* all that it may read */
    const struct code_step *step; /* NULL: no load */
    bool is_inside;               /* else it may trap */
};

struct search {
    const struct analysis *analysis;
    struct arena *arena;
    struct keep *keep;
    bool *is_reached; /* by function: called by the block */
    uint32_t *stack;
    uint32_t depth;
    struct access *accesses;
    uint32_t count;
    struct word *words;
    uint32_t word_count;
    struct look *looks;
    uint32_t look_count;
    struct spans writes; /* by all other stores */
    struct spans kept;   /* words that are written */
    struct spans shown;  /* what memory has to be right in at any time */
};

static struct span whole_memory(const struct search *search, uint32_t memory)
{
    const struct wasm_module *module = search->analysis->code.module;
    uint64_t base = (uint64_t)memory << 32;
    uint64_t size = module->memories[memory].limits.min * WASM_PAGE_BYTES;
    return (struct span){base, base + size};
}

static void add_write(struct search *search, struct span span)
{
    spans_add(&search->writes, span, search->arena);
}

static void add_look(struct search *search, struct span span,
                     const struct code_step *step, bool is_inside)
{
    search->looks[search->look_count++] = (struct look){span, step, is_inside};
}

/* The type of a load or store that moves all of it, not some bytes; or none. */
static enum wasm_type whole_type(uint32_t code)
{
    static const enum wasm_type types[] = {WASM_I32, WASM_I64, WASM_F32,
                                           WASM_F64};
    if (code >= CODE_I32_LOAD && code <= CODE_F64_LOAD) {
        return types[code - CODE_I32_LOAD];
    }
    if (code >= CODE_I32_STORE && code <= CODE_F64_STORE) {
        return types[code - CODE_I32_STORE];
    }
    return WASM_NONE;
}

static void add_access(struct search *search, const struct code_step *step)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    struct span span = whole_memory(search, step->insn.index2);
    bool is_store = code_is_store(step->insn.code);
    if (!search->analysis->sites[step->site].is_reached) {
        return;
    }
    bool is_inside = analysis_proves(search->analysis, step->site, &lo, &hi);
    if (is_inside) {
        uint64_t start = span.start + step->insn.memarg_offset;
        span = (struct span){start + lo,
                             start + hi + code_access_bytes(step->insn.code)};
    }
    if (is_inside && lo == hi && whole_type(step->insn.code) != WASM_NONE) {
        search->accesses[search->count++] =
            (struct access){span, step->site, step->insn.code};
    } else if (is_store) {
        search->keep->may_trap |= !is_inside;
        add_write(search, span);
    } else {
        add_look(search, span, step, is_inside);
    }
}

static void call(struct search *search, uint32_t function)
{
    if (function >= search->analysis->code.module->imported_function_count &&
        !search->is_reached[function]) {
        search->is_reached[function] = true;
        search->stack[search->depth++] = function;
    }
}

/* Whether a division has a divisor that it cannot trap with: steps[i - 1] puts
 * it on the stack. */
static bool is_harmless(const struct code_step *steps, uint32_t i)
{
    const struct wasm_insn *divisor = i > 0 ? &steps[i - 1].insn : NULL;
    if (divisor == NULL ||
        (divisor->code != CODE_I32_CONST && divisor->code != CODE_I64_CONST)) {
        return false;
    }
    uint64_t minus_one =
        divisor->code == CODE_I32_CONST ? UINT32_MAX : UINT64_MAX;
    return divisor->constant != 0 && divisor->constant != minus_one;
}

/* Whether the instruction may trap; loads and stores aside. */
static bool may_trap(const struct code_step *steps, uint32_t i)
{
    uint32_t code = steps[i].insn.code;
    if ((code >= CODE_I32_DIV_S && code <= CODE_I32_REM_U) ||
        (code >= CODE_I64_DIV_S && code <= CODE_I64_REM_U)) {
        return !is_harmless(steps, i);
    }
    return code == CODE_UNREACHABLE || code == CODE_MEMORY_INIT ||
           code == CODE_MEMORY_FILL || code == CODE_MEMORY_COPY ||
           (code >= CODE_I32_TRUNC_F32_S && code <= CODE_I32_TRUNC_F64_U) ||
           (code >= CODE_I64_TRUNC_F32_S && code <= CODE_I64_TRUNC_F64_U);
}

static void look_at(struct search *search, const struct code_step *steps,
                    uint32_t i)
{
    const struct wasm_insn *insn = &steps[i].insn;
    search->keep->may_trap |= may_trap(steps, i);
    switch (insn->code) {
    case CODE_CALL:
        call(search, insn->index);
        break;
    case CODE_GLOBAL_SET:
    case CODE_DATA_DROP:
        search->keep->changes_instance = true;
        break;
    case CODE_MEMORY_INIT:
        add_write(search, whole_memory(search, insn->index2));
        break;
    case CODE_MEMORY_FILL:
        add_write(search, whole_memory(search, insn->index));
        break;
    case CODE_MEMORY_COPY:
        add_write(search, whole_memory(search, insn->index));
        add_look(search, whole_memory(search, insn->index2), NULL, true);
        break;
    default:
        if (code_is_load(insn->code) || code_is_store(insn->code)) {
            add_access(search, &steps[i]);
        }
        break;
    }
}

/* What the block function and all that it calls may touch. */
static void find_accesses(struct search *search)
{
    const struct code *code = &search->analysis->code;
    call(search, search->analysis->block_function);
    while (search->depth > 0) {
        const struct code_function *body =
            &code->functions[search->stack[--search->depth]];
        for (uint32_t i = 0; i < body->step_count; i++) {
            look_at(search, body->steps, i);
        }
    }
}

static int compare_accesses(const void *left, const void *right)
{
    const struct access *a = left;
    const struct access *b = right;
    int order = spans_compare(&a->span, &b->span);
    return order != 0 ? order : (a->site > b->site) - (a->site < b->site);
}

/* The word of the access number 'first' and of all after it at its place. */
static struct word find_word(const struct search *search, uint32_t first)
{
    struct word word = {.span = search->accesses[first].span, .first = first};
    for (uint32_t i = first;
         i < search->count &&
         spans_compare(&search->accesses[i].span, &word.span) == 0;
         i++) {
        enum wasm_type type = whole_type(search->accesses[i].code);
        word.floats += type == WASM_F32 || type == WASM_F64 ? 1 : 0;
        word.is_written |= code_is_store(search->accesses[i].code);
        word.count++;
    }
    return word;
}

static void find_words(struct search *search)
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
static void add_crossings(struct search *search)
{
    for (uint32_t i = 0; i < search->word_count; i++) {
        const struct word *word = &search->words[i];
        for (uint32_t k = i + 1; k < search->word_count &&
                                 search->words[k].span.start < word->span.end;
             k++) {
            const struct word *other = &search->words[k];
            if (word->is_written || other->is_written) {
                add_write(search,
                          (struct span){other->span.start, word->span.end});
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
static bool find_guard(const struct search *search, const struct look *look,
                       struct keep_guard *guard)
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
    struct span all = whole_memory(search, insn->index2);
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
static void find_guards(struct search *search)
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

/* Words that nothing else writes. */
static void find_kept(struct search *search)
{
    for (uint32_t i = 0; i < search->word_count; i++) {
        struct word *word = &search->words[i];
        word->is_kept = !spans_meet(&search->writes, word->span);
        if (word->is_kept && word->is_written) {
            spans_add(&search->kept, word->span, search->arena);
        }
    }
    spans_settle(&search->kept);
}

static void make_cells(struct search *search)
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

/* Loads, stores and copies: as many as there can be accesses and looks. */
static uint32_t count_steps(const struct code *code)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < code->module->function_count; i++) {
        count += code->functions[i].step_count;
    }
    return count;
}

const struct keep *keep_find(const struct analysis *analysis,
                             struct arena *arena)
{
    uint32_t functions = analysis->code.module->function_count;
    uint32_t steps = count_steps(&analysis->code);
    struct keep *keep = arena_alloc(arena, 1, sizeof(*keep));
    struct search search = {
        .analysis = analysis,
        .arena = arena,
        .keep = keep,
        .is_reached = arena_alloc(arena, functions, sizeof(bool)),
        .stack = arena_alloc(arena, functions, sizeof(uint32_t)),
        .accesses = arena_alloc(arena, steps, sizeof(*search.accesses)),
        .looks = arena_alloc(arena, steps, sizeof(*search.looks))};
    find_accesses(&search);
    find_words(&search);
    add_crossings(&search);
    spans_settle(&search.writes);
    find_kept(&search);
    find_guards(&search);
    make_cells(&search);
    return keep;
}
