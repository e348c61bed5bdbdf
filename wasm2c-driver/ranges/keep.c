/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

/* Bytes, as memory << 32 | address. */
struct span {
    uint64_t start;
    uint64_t end;
};

struct spans {
    struct span *items; /* settle() makes them disjoint and ascending */
    uint32_t count;
    uint32_t capacity;
};

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
    struct spans reads; /* by all other loads, */
    struct spans writes;
};

static void add_span(struct search *search, bool is_write, struct span span)
{
    struct spans *spans = is_write ? &search->writes : &search->reads;
    if (spans->count == spans->capacity) {
        spans->capacity = spans->capacity == 0 ? 64 : 2 * spans->capacity;
        struct span *grown =
            arena_alloc(search->arena, spans->capacity, sizeof(*grown));
        if (spans->count > 0) {
            memcpy(grown, spans->items, spans->count * sizeof(*grown));
        }
        spans->items = grown;
    }
    spans->items[spans->count++] = span;
}

static void add_whole(struct search *search, bool is_write, uint32_t memory)
{
    const struct wasm_module *module = search->analysis->code.module;
    uint64_t base = (uint64_t)memory << 32;
    uint64_t size = module->memories[memory].limits.min * WASM_PAGE_BYTES;
    add_span(search, is_write, (struct span){base, base + size});
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
    bool is_store = code_is_store(step->insn.code);
    if (!search->analysis->sites[step->site].is_reached) {
        return;
    }
    if (!analysis_proves(search->analysis, step->site, &lo, &hi)) {
        search->keep->may_trap = true;
        add_whole(search, is_store, step->insn.index2);
        return;
    }
    uint64_t base =
        ((uint64_t)step->insn.index2 << 32) + step->insn.memarg_offset;
    uint64_t end = base + hi + code_access_bytes(step->insn.code);
    if (lo == hi && whole_type(step->insn.code) != WASM_NONE) {
        search->accesses[search->count++] =
            (struct access){{base + lo, end}, step->site, step->insn.code};
    } else {
        add_span(search, is_store, (struct span){base + lo, end});
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
        add_whole(search, true, insn->index2);
        break;
    case CODE_MEMORY_FILL:
        add_whole(search, true, insn->index);
        break;
    case CODE_MEMORY_COPY:
        add_whole(search, true, insn->index);
        add_whole(search, false, insn->index2);
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

static int compare_spans(const struct span *a, const struct span *b)
{
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return (a->end > b->end) - (a->end < b->end);
}

static int compare_items(const void *left, const void *right)
{
    return compare_spans(left, right);
}

static int compare_accesses(const void *left, const void *right)
{
    const struct access *a = left;
    const struct access *b = right;
    int order = compare_spans(&a->span, &b->span);
    return order != 0 ? order : (a->site > b->site) - (a->site < b->site);
}

static void settle(struct spans *spans)
{
    uint32_t count = 0;
    if (spans->count > 0) {
        qsort(spans->items, spans->count, sizeof(*spans->items), compare_items);
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        struct span *last = count > 0 ? &spans->items[count - 1] : NULL;
        if (last != NULL && spans->items[i].start <= last->end) {
            last->end = spans->items[i].end > last->end ? spans->items[i].end
                                                        : last->end;
        } else {
            spans->items[count++] = spans->items[i];
        }
    }
    spans->count = count;
}

static bool overlaps(const struct spans *spans, const struct span *span)
{
    uint32_t low = 0;
    uint32_t high = spans->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (spans->items[middle].end <= span->start) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < spans->count && spans->items[low].start < span->end;
}

/* Words, each with its accesses: neighbours once these are sorted. */
static void find_words(struct search *search)
{
    search->words =
        arena_alloc(search->arena, search->count, sizeof(*search->words));
    for (uint32_t i = 0; i < search->count; i++) {
        const struct access *access = &search->accesses[i];
        struct word *last = search->word_count > 0
                                ? &search->words[search->word_count - 1]
                                : NULL;
        if (last == NULL || last->span.start != access->span.start ||
            last->span.end != access->span.end) {
            last = &search->words[search->word_count++];
            *last = (struct word){.span = access->span, .first = i};
        }
        enum wasm_type type = whole_type(access->code);
        last->floats += type == WASM_F32 || type == WASM_F64 ? 1 : 0;
        last->is_written |= code_is_store(access->code);
        last->count++;
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
                add_span(search, true,
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
        if (overlaps(&search->writes, &word->span)) {
            continue;
        }
        for (uint32_t k = 0; k < word->count; k++) {
            cell_of_site[search->accesses[word->first + k].site] =
                keep->cell_count;
        }
        bool is_seen = keep->may_trap || overlaps(&search->reads, &word->span);
        cells[keep->cell_count++] = (struct keep_cell){
            .memory = (uint32_t)(word->span.start >> 32),
            .address = (uint32_t)word->span.start,
            .type = word_type(word),
            .is_written = word->is_written,
            .is_through = word->is_written && is_seen,
        };
    }
    keep->cells = cells;
    keep->cell_of_site = cell_of_site;
}

const struct keep *keep_find(const struct analysis *analysis,
                             struct arena *arena)
{
    uint32_t functions = analysis->code.module->function_count;
    struct keep *keep = arena_alloc(arena, 1, sizeof(*keep));
    struct search search = {
        .analysis = analysis,
        .arena = arena,
        .keep = keep,
        .is_reached = arena_alloc(arena, functions, sizeof(bool)),
        .stack = arena_alloc(arena, functions, sizeof(uint32_t)),
        .accesses = arena_alloc(arena, analysis->code.site_count,
                                sizeof(*search.accesses))};
    find_accesses(&search);
    if (search.count > 0) {
        qsort(search.accesses, search.count, sizeof(*search.accesses),
              compare_accesses);
    }
    find_words(&search);
    add_crossings(&search);
    settle(&search.reads);
    settle(&search.writes);
    make_cells(&search);
    return keep;
}
