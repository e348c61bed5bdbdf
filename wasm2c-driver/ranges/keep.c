/* SPDX-License-Identifier: MIT */
#include "keep.h"

#include <stdlib.h>
#include <string.h>

/* Bytes that a load, a store or a bulk instruction may touch. */
struct touch {
    uint64_t start; /* memory << 32 | address */
    uint64_t end;
    uint32_t site; /* CODE_NO_SITE: no single load or store */
    uint32_t code;
};

struct search {
    const struct analysis *analysis;
    struct arena *arena;
    struct keep *keep;
    bool *is_reached; /* by function: called by the block */
    uint32_t *stack;
    uint32_t depth;
    struct touch *touches;
    uint32_t count;
    uint32_t capacity;
};

static void add_touch(struct search *search, struct touch touch)
{
    if (search->count == search->capacity) {
        search->capacity = search->capacity == 0 ? 256 : 2 * search->capacity;
        struct touch *grown =
            arena_alloc(search->arena, search->capacity, sizeof(*grown));
        if (search->count > 0) {
            memcpy(grown, search->touches, search->count * sizeof(*grown));
        }
        search->touches = grown;
    }
    search->touches[search->count++] = touch;
}

static void add_whole(struct search *search, uint32_t memory)
{
    const struct wasm_module *module = search->analysis->code.module;
    uint64_t base = (uint64_t)memory << 32;
    add_touch(search,
              (struct touch){base,
                             base + module->memories[memory].limits.min *
                                        WASM_PAGE_BYTES,
                             CODE_NO_SITE, 0});
}

static void add_access(struct search *search, const struct code_step *step)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    if (!search->analysis->sites[step->site].is_reached) {
        return;
    }
    if (!analysis_proves(search->analysis, step->site, &lo, &hi)) {
        search->keep->is_private = false; /* it may trap */
        add_whole(search, step->insn.index2);
        return;
    }
    uint64_t base =
        ((uint64_t)step->insn.index2 << 32) + step->insn.memarg_offset;
    add_touch(search,
              (struct touch){
                  base + lo, base + hi + code_access_bytes(step->insn.code),
                  lo == hi ? step->site : CODE_NO_SITE, step->insn.code});
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

/* Whether the instruction may trap, loads and stores aside, or changes what
 * belongs to the instance. */
static bool is_public(const struct code_step *steps, uint32_t i)
{
    uint32_t code = steps[i].insn.code;
    switch (code) {
    case CODE_UNREACHABLE:
    case CODE_GLOBAL_SET:
    case CODE_DATA_DROP:
    case CODE_MEMORY_INIT:
    case CODE_MEMORY_FILL:
    case CODE_MEMORY_COPY:
        return true;
    default:
        break;
    }
    if ((code >= CODE_I32_DIV_S && code <= CODE_I32_REM_U) ||
        (code >= CODE_I64_DIV_S && code <= CODE_I64_REM_U)) {
        return !is_harmless(steps, i);
    }
    return (code >= CODE_I32_TRUNC_F32_S && code <= CODE_I32_TRUNC_F64_U) ||
           (code >= CODE_I64_TRUNC_F32_S && code <= CODE_I64_TRUNC_F64_U);
}

static void look_at(struct search *search, const struct code_step *steps,
                    uint32_t i)
{
    const struct wasm_insn *insn = &steps[i].insn;
    if (code_is_load(insn->code) || code_is_store(insn->code)) {
        add_access(search, &steps[i]);
        return;
    }
    search->keep->is_private &= !is_public(steps, i);
    switch (insn->code) {
    case CODE_CALL:
        call(search, insn->index);
        break;
    case CODE_MEMORY_INIT:
        add_whole(search, insn->index2);
        break;
    case CODE_MEMORY_FILL:
        add_whole(search, insn->index);
        break;
    case CODE_MEMORY_COPY:
        add_whole(search, insn->index);
        add_whole(search, insn->index2);
        break;
    default:
        break;
    }
}

/* What the block function and all that it calls may touch. */
static void find_touches(struct search *search)
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

static int compare_touches(const void *left, const void *right)
{
    const struct touch *a = left;
    const struct touch *b = right;
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    if (a->end != b->end) {
        return a->end < b->end ? -1 : 1;
    }
    return (a->site > b->site) - (a->site < b->site);
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

/* A group of touches that overlap is kept when they all are of one word. */
static bool make_cell(struct keep_cell *cell, const struct touch *touches,
                      uint32_t count)
{
    uint32_t floats = 0;
    bool is_wide = touches[0].end - touches[0].start == sizeof(uint64_t);
    *cell = (struct keep_cell){.memory = (uint32_t)(touches[0].start >> 32),
                               .address = (uint32_t)touches[0].start};
    for (uint32_t i = 0; i < count; i++) {
        enum wasm_type type = touches[i].site == CODE_NO_SITE
                                  ? WASM_NONE
                                  : whole_type(touches[i].code);
        if (type == WASM_NONE || touches[i].start != touches[0].start ||
            touches[i].end != touches[0].end) {
            return false;
        }
        floats += type == WASM_F32 || type == WASM_F64 ? 1 : 0;
        cell->is_written |= code_is_store(touches[i].code);
    }
    if (2 * floats >= count) {
        cell->type = is_wide ? WASM_F64 : WASM_F32;
    } else {
        cell->type = is_wide ? WASM_I64 : WASM_I32;
    }
    return true;
}

static void make_cells(struct search *search)
{
    struct keep *keep = search->keep;
    uint32_t site_count = search->analysis->code.site_count;
    uint32_t *cell_of_site =
        arena_alloc(search->arena, site_count, sizeof(*cell_of_site));
    struct keep_cell *cells =
        arena_alloc(search->arena, search->count, sizeof(*cells));
    for (uint32_t i = 0; i < site_count; i++) {
        cell_of_site[i] = KEEP_NONE;
    }
    for (uint32_t i = 0, next = 0; i < search->count; i = next) {
        const struct touch *touches = search->touches;
        uint64_t end = touches[i].end;
        for (next = i + 1; next < search->count && touches[next].start < end;
             next++) {
            end = touches[next].end > end ? touches[next].end : end;
        }
        if (!make_cell(&cells[keep->cell_count], &touches[i], next - i)) {
            continue;
        }
        for (uint32_t k = i; k < next; k++) {
            cell_of_site[touches[k].site] = keep->cell_count;
        }
        keep->cell_count++;
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
        .stack = arena_alloc(arena, functions, sizeof(uint32_t))};
    keep->is_private = true;
    find_touches(&search);
    if (search.count > 0) {
        qsort(search.touches, search.count, sizeof(*search.touches),
              compare_touches);
    }
    make_cells(&search);
    return keep;
}
