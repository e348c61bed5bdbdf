/* SPDX-License-Identifier: MIT */
#include "ranges/promote/promote_accesses.h"

struct span keep_search_memory(const struct keep_search *search,
                               uint32_t memory)
{
    const struct wasm_module *module = search->analysis->code.module;
    uint64_t base = (uint64_t)memory << 32;
    uint64_t size = module->memories[memory].limits.min * WASM_PAGE_BYTES;
    return (struct span){base, base + size};
}

void keep_search_add_write(struct keep_search *search, struct span span)
{
    spans_add(&search->writes, span, search->arena);
}

static void add_look(struct keep_search *search, struct span span,
                     const struct code_step *step, bool is_inside)
{
    search->looks[search->look_count++] = (struct look){span, step, is_inside};
}

/* Whether a load or store moves all of its value, not some bytes. */
static bool is_whole(uint32_t code)
{
    return (code >= CODE_I32_LOAD && code <= CODE_F64_LOAD) ||
           (code >= CODE_I32_STORE && code <= CODE_F64_STORE);
}

static void add_access(struct keep_search *search, const struct code_step *step)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    struct span span = keep_search_memory(search, step->insn.index2);
    bool is_store = code_is_store(step->insn.code);
    bool is_inside = analysis_proves(search->analysis, step->site, &lo, &hi);
    if (is_inside) {
        uint64_t start = span.start + step->insn.memarg_offset;
        span = (struct span){start + lo,
                             start + hi + code_access_bytes(step->insn.code)};
    }
    if (is_inside && lo == hi && is_whole(step->insn.code)) {
        search->accesses[search->count++] = (struct access){
            span, step->site, code_value_type(&step->insn), is_store};
    } else if (is_store) {
        search->keep->may_trap |= !is_inside;
        keep_search_add_write(search, span);
    } else {
        add_look(search, span, step, is_inside);
    }
}

static void call(struct keep_search *search, uint32_t function)
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

static void look_at(struct keep_search *search, const struct code_step *steps,
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
        keep_search_add_write(search, keep_search_memory(search, insn->index2));
        break;
    case CODE_MEMORY_FILL:
        keep_search_add_write(search, keep_search_memory(search, insn->index));
        break;
    case CODE_MEMORY_COPY:
        keep_search_add_write(search, keep_search_memory(search, insn->index));
        add_look(search, keep_search_memory(search, insn->index2), NULL, true);
        break;
    default:
        if (code_is_load(insn->code) || code_is_store(insn->code)) {
            add_access(search, &steps[i]);
        }
        break;
    }
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

void keep_search_run(struct keep_search *search)
{
    const struct code *code = &search->analysis->code;
    uint32_t functions = code->module->function_count;
    uint32_t steps = count_steps(code);
    search->is_reached = arena_alloc(search->arena, functions, sizeof(bool));
    search->stack = arena_alloc(search->arena, functions, sizeof(uint32_t));
    search->accesses =
        arena_alloc(search->arena, steps, sizeof(*search->accesses));
    search->looks = arena_alloc(search->arena, steps, sizeof(*search->looks));
    call(search, search->analysis->block_function);
    while (search->depth > 0) {
        const struct code_function *body =
            &code->functions[search->stack[--search->depth]];
        for (uint32_t i = 0; i < body->step_count; i++) {
            look_at(search, body->steps, i);
        }
    }
}
