/* SPDX-License-Identifier: MIT */
#include "ranges/promote/promote_accesses.h"

struct span promote_search_memory(const struct promote_search *search,
                                  uint32_t memory)
{
    const struct wasm_module *module = search->analysis->bodies.module;
    uint64_t base = (uint64_t)memory << 32;
    uint64_t size = module->memories[memory].limits.min * WASM_PAGE_BYTES;
    return (struct span){base, base + size};
}

void promote_search_add_write(struct promote_search *search, struct span span)
{
    spans_add(&search->writes, span, search->arena);
}

static void add_other_load(struct promote_search *search, struct span span,
                           const struct body_op *op, bool is_inside)
{
    search->other_loads[search->other_load_count++] =
        (struct other_load){span, op, is_inside};
}

/* Whether a load or store transfers all bits of its value. */
static bool is_whole(uint32_t code)
{
    return (code >= CODE_I32_LOAD && code <= CODE_F64_LOAD) ||
           (code >= CODE_I32_STORE && code <= CODE_F64_STORE);
}

static void add_access(struct promote_search *search, const struct body_op *op)
{
    uint32_t lo = 0;
    uint32_t hi = 0;
    struct span span = promote_search_memory(search, op->insn.index2);
    bool is_store = body_is_store(op->insn.code);
    bool is_inside = analysis_proves(search->analysis, op->site, &lo, &hi);
    if (is_inside) {
        uint64_t start = span.start + op->insn.memarg_offset;
        span = (struct span){start + lo,
                             start + hi + body_access_bytes(op->insn.code)};
    }
    if (is_inside && lo == hi && is_whole(op->insn.code)) {
        search->accesses[search->count++] = (struct access){
            span, op->site, body_value_type(&op->insn), is_store};
    } else if (is_store) {
        search->promotion->may_trap |= !is_inside;
        promote_search_add_write(search, span);
    } else {
        add_other_load(search, span, op, is_inside);
    }
}

static void call(struct promote_search *search, uint32_t function)
{
    if (function >= search->analysis->bodies.module->imported_function_count &&
        !search->is_reached[function]) {
        search->is_reached[function] = true;
        search->stack[search->depth++] = function;
    }
}

/* A division of 32 bits is no trap: by what is proven of the divisor. Only a
 * signed division overflows, and only by -1. */
static bool has_proven_divisor(const struct promote_search *search,
                               const struct body_op *op)
{
    const struct walk_site *site = &search->analysis->sites[op->site];
    return site->has_value && !range_contains(&site->value, 0) &&
           (op->insn.code != CODE_I32_DIV_S ||
            !range_contains(&site->value, UINT32_MAX));
}

/* One of 64 bits is none when ops[i - 1] puts such a constant on the stack. */
static bool has_constant_divisor(const struct body_op *ops, uint32_t i)
{
    const struct wasm_insn *divisor = i > 0 ? &ops[i - 1].insn : NULL;
    return divisor != NULL && divisor->code == CODE_I64_CONST &&
           divisor->constant != 0 && divisor->constant != UINT64_MAX;
}

/* Whether the instruction may trap; loads and stores aside. */
static bool may_trap(const struct promote_search *search,
                     const struct body_op *ops, uint32_t i)
{
    uint32_t code = ops[i].insn.code;
    if (body_is_division(code)) {
        return !has_proven_divisor(search, &ops[i]);
    }
    if (code >= CODE_I64_DIV_S && code <= CODE_I64_REM_U) {
        return !has_constant_divisor(ops, i);
    }
    return code == CODE_UNREACHABLE || code == CODE_MEMORY_INIT ||
           code == CODE_MEMORY_FILL || code == CODE_MEMORY_COPY ||
           (code >= CODE_I32_TRUNC_F32_S && code <= CODE_I32_TRUNC_F64_U) ||
           (code >= CODE_I64_TRUNC_F32_S && code <= CODE_I64_TRUNC_F64_U);
}

static void visit(struct promote_search *search, const struct body_op *ops,
                  uint32_t i)
{
    const struct wasm_insn *insn = &ops[i].insn;
    search->promotion->may_trap |= may_trap(search, ops, i);
    switch (insn->code) {
    case CODE_CALL:
        call(search, insn->index);
        break;
    case CODE_GLOBAL_SET:
    case CODE_DATA_DROP:
        search->promotion->changes_instance = true;
        break;
    case CODE_MEMORY_INIT:
        promote_search_add_write(search,
                                 promote_search_memory(search, insn->index2));
        break;
    case CODE_MEMORY_FILL:
        promote_search_add_write(search,
                                 promote_search_memory(search, insn->index));
        break;
    case CODE_MEMORY_COPY:
        promote_search_add_write(search,
                                 promote_search_memory(search, insn->index));
        add_other_load(search, promote_search_memory(search, insn->index2),
                       NULL, true);
        break;
    default:
        if (body_is_load(insn->code) || body_is_store(insn->code)) {
            add_access(search, &ops[i]);
        }
        break;
    }
}

/* No fewer than there are accesses and other loads. */
static uint32_t count_ops(const struct wasm_bodies *bodies)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        count += bodies->functions[i].op_count;
    }
    return count;
}

void promote_search_run(struct promote_search *search)
{
    const struct wasm_bodies *bodies = &search->analysis->bodies;
    uint32_t functions = bodies->module->function_count;
    uint32_t ops = count_ops(bodies);
    search->is_reached = arena_alloc(search->arena, functions, sizeof(bool));
    search->stack = arena_alloc(search->arena, functions, sizeof(uint32_t));
    search->accesses =
        arena_alloc(search->arena, ops, sizeof(*search->accesses));
    search->other_loads =
        arena_alloc(search->arena, ops, sizeof(*search->other_loads));
    call(search, search->analysis->block_function);
    while (search->depth > 0) {
        const struct wasm_body *body =
            &bodies->functions[search->stack[--search->depth]];
        for (uint32_t i = 0; i < body->op_count; i++) {
            visit(search, body->ops, i);
        }
    }
}
