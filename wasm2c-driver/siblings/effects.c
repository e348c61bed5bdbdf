/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

static uint32_t words(const struct siblings *siblings)
{
    return siblings->module->global_count / 64 + 1;
}

static void set_bit(uint64_t *bits, uint32_t index)
{
    bits[index / 64] |= UINT64_C(1) << index % 64;
}

static void join(const struct siblings *siblings, struct sibling_effects *to,
                 const struct sibling_effects *from)
{
    to->reads_memory = to->reads_memory || from->reads_memory;
    to->writes_memory = to->writes_memory || from->writes_memory;
    to->traps = to->traps || from->traps;
    for (uint32_t i = 0; i < words(siblings); i++) {
        to->reads[i] |= from->reads[i];
        to->writes[i] |= from->writes[i];
    }
}

static void touch_everything(const struct siblings *siblings,
                             struct sibling_effects *effects)
{
    effects->reads_memory = effects->writes_memory = effects->traps = true;
    for (uint32_t i = 0; i < words(siblings); i++) {
        effects->reads[i] = effects->writes[i] = UINT64_MAX;
    }
}

/* Whether the access at 'pc' cannot trap: its address has just passed through
 * the function that states facts, or is a constant. */
static bool is_proven(const struct siblings *siblings,
                      const struct wasm_body *body, uint32_t pc)
{
    const struct wasm_insn *access = &body->ops[pc].insn;
    uint32_t distance = body_is_store(access->code) ? 2 : 1;
    uint64_t address = 0;
    if (pc < distance) {
        return false;
    }
    const struct wasm_insn *insn = &body->ops[pc - distance].insn;
    if (distance == 1 && body_constant(insn, &address)) {
        uint64_t end =
            address + access->memarg_offset + body_access_bytes(access->code);
        return end <= siblings->module->memories[access->index2].limits.min *
                          WASM_PAGE_BYTES;
    }
    return insn->code == CODE_CALL && insn->index == siblings->range_function;
}

static bool divides_by_constant(const struct wasm_body *body, uint32_t pc)
{
    uint64_t bits = 0;
    return pc > 0 && body_constant(&body->ops[pc - 1].insn, &bits) &&
           bits != 0 && (uint32_t)bits != UINT32_MAX;
}

/* Instructions that do not trap, and touch neither memory nor globals. */
static bool is_harmless(const struct wasm_insn *insn)
{
    uint32_t code = insn->code;
    bool is_division = code >= CODE_I64_DIV_S && code <= CODE_I64_REM_U;
    bool is_conversion =
        (code >= CODE_I32_TRUNC_F32_S && code <= CODE_I32_TRUNC_F64_U) ||
        (code >= CODE_I64_TRUNC_F32_S && code <= CODE_I64_TRUNC_F64_U);
    bool is_control = code >= CODE_NOP && code <= CODE_RETURN;
    bool is_variable = code >= CODE_DROP && code <= CODE_LOCAL_TEE;
    return !is_division && !is_conversion &&
           (is_control || is_variable ||
            (insn->opcode->type != NULL && code < CODE_MEMORY_INIT &&
             code != CODE_MEMORY_SIZE && code != CODE_MEMORY_GROW));
}

static void add_op(const struct siblings *siblings,
                   struct sibling_effects *effects,
                   const struct wasm_body *body, uint32_t pc)
{
    const struct wasm_insn *insn = &body->ops[pc].insn;
    if (insn->code == CODE_GLOBAL_GET) {
        set_bit(effects->reads, insn->index);
    } else if (insn->code == CODE_GLOBAL_SET) {
        set_bit(effects->writes, insn->index);
    } else if (body_is_load(insn->code)) {
        effects->reads_memory = true;
        effects->traps = effects->traps || !is_proven(siblings, body, pc);
    } else if (body_is_store(insn->code)) {
        effects->writes_memory = true;
        effects->traps = effects->traps || !is_proven(siblings, body, pc);
    } else if (body_is_division(insn->code)) {
        effects->traps = effects->traps || !divides_by_constant(body, pc);
    } else if (!is_harmless(insn)) {
        touch_everything(siblings, effects);
    }
}

/* Callees first: a call in the middle of a body interrupts it, and the caller
 * waits on the stack. */
struct walk {
    uint32_t function, pc;
};

static void compute(const struct siblings *siblings,
                    struct sibling_effects *list, uint32_t function,
                    struct walk *stack)
{
    uint32_t depth = 0;
    stack[depth++] = (struct walk){function, 0};
    while (depth > 0) {
        struct walk *top = &stack[depth - 1];
        const struct wasm_body *body =
            &siblings->bodies.functions[top->function];
        struct sibling_effects *effects = &list[top->function];
        if (top->pc == body->op_count) {
            effects->is_known = true;
            depth--;
            continue;
        }
        const struct wasm_insn *insn = &body->ops[top->pc].insn;
        if (insn->code != CODE_CALL) {
            add_op(siblings, effects, body, top->pc);
        } else if (!list[insn->index].is_known) {
            stack[depth++] = (struct walk){insn->index, 0};
            continue;
        } else {
            join(siblings, effects, &list[insn->index]);
        }
        top->pc++;
    }
}

struct sibling_effects *siblings_effects(const struct siblings *siblings)
{
    const struct wasm_module *module = siblings->module;
    struct arena *arena = siblings->arena;
    struct sibling_effects *list =
        arena_alloc(arena, module->function_count, sizeof(*list));
    uint64_t *bits =
        arena_alloc(arena, (size_t)module->function_count * 2 * words(siblings),
                    sizeof(*bits));
    struct walk *stack =
        arena_alloc(arena, module->function_count + 1, sizeof(*stack));
    for (uint32_t i = 0; i < module->function_count; i++) {
        list[i].reads = bits + (size_t)i * 2 * words(siblings);
        list[i].writes = list[i].reads + words(siblings);
        if (module->functions[i].is_imported) {
            list[i].is_known = true;
            if (i != siblings->range_function) {
                touch_everything(siblings, &list[i]);
            }
        }
    }
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (!list[i].is_known) {
            compute(siblings, list, i, stack);
        }
    }
    return list;
}

/* Whether what 'a' writes, or its trap, could be noticed by 'b'. */
static bool disturbs(const struct siblings *siblings,
                     const struct sibling_effects *a,
                     const struct sibling_effects *b)
{
    for (uint32_t i = 0; i < words(siblings); i++) {
        if ((a->writes[i] & (b->reads[i] | b->writes[i])) != 0) {
            return true;
        }
    }
    return (a->writes_memory &&
            (b->reads_memory || b->writes_memory || b->traps)) ||
           (a->traps && b->traps);
}

bool siblings_are_independent(const struct siblings *siblings,
                              const struct sibling_effects *a,
                              const struct sibling_effects *b)
{
    return !disturbs(siblings, a, b) && !disturbs(siblings, b, a);
}

bool siblings_is_pure(const struct siblings *siblings,
                      const struct sibling_effects *effects)
{
    bool writes = effects->writes_memory || effects->traps;
    for (uint32_t i = 0; i < words(siblings); i++) {
        writes = writes || effects->writes[i] != 0;
    }
    return !writes;
}
