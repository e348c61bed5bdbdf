/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

#include "wasm/callgraph.h"

enum {
    REACH = 256, /* calls between the first and the last one of a group */
};

/* The calls of one function that does nothing but call. */
struct calls {
    const uint32_t *functions;
    uint64_t *shapes; /* equal where the functions may be; 0: taken */
    uint32_t count;
};

/* A number for the text of a function without its numbers. Functions that
 * differ may have the same. */
static uint64_t shape_of(const struct siblings *siblings, uint32_t function)
{
    const struct wasm_body *body = &siblings->bodies.functions[function];
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < body->op_count; i++) {
        const struct wasm_insn *insn = &body->ops[i].insn;
        bool is_local =
            insn->code >= CODE_LOCAL_GET && insn->code <= CODE_LOCAL_TEE;
        hash = (hash ^ insn->code) * UINT64_C(0x100000001b3);
        hash = (hash ^ (is_local ? insn->index : 0)) * UINT64_C(0x100000001b3);
    }
    return hash | 1;
}

/* The functions that a function calls, if it does nothing else. */
static bool read_calls(const struct siblings *siblings, uint32_t function,
                       struct calls *calls)
{
    const struct wasm_module *module = siblings->module;
    const struct wasm_body *body = &siblings->bodies.functions[function];
    if (body->op_count <= SIBLINGS_MIN) {
        return false;
    }
    uint32_t *functions =
        arena_alloc(siblings->arena, body->op_count, sizeof(*functions));
    calls->shapes =
        arena_alloc(siblings->arena, body->op_count, sizeof(*calls->shapes));
    calls->count = body->op_count - 1;
    for (uint32_t i = 0; i < calls->count; i++) {
        const struct wasm_insn *insn = &body->ops[i].insn;
        if (insn->code != CODE_CALL ||
            module->functions[insn->index].is_imported) {
            return false;
        }
        const struct wasm_func_type *type =
            wasm_function_type(module, insn->index);
        functions[i] = insn->index;
        if (type->param_count > 0 || type->result_count > 0) {
            return false;
        }
        calls->shapes[i] = shape_of(siblings, insn->index);
    }
    calls->functions = functions;
    return true;
}

/* Whether call 'later' can be done at 'first', together with the members: it
 * changes places with all calls between, and members do not notice it. */
static bool can_join(const struct siblings *siblings,
                     const struct sibling_effects *effects,
                     const struct calls *calls, uint32_t first, uint32_t later)
{
    for (uint32_t i = first; i < later; i++) {
        if (!siblings_are_independent(siblings, &effects[calls->functions[i]],
                                      &effects[calls->functions[later]])) {
            return false;
        }
    }
    return true;
}

static void add_group(struct siblings *siblings, struct sibling_group group)
{
    siblings->groups =
        arena_grow(siblings->arena, siblings->groups, siblings->group_count,
                   &siblings->group_capacity, sizeof(*siblings->groups));
    siblings->groups[siblings->group_count++] = group;
}

/* The group that begins with call 'first'. */
static void find_group(struct siblings *siblings,
                       const struct sibling_effects *effects,
                       struct calls *calls, uint32_t caller, uint32_t first)
{
    struct sibling_group group = {.caller = caller};
    uint32_t functions[SIBLINGS_MAX];
    uint64_t shape = calls->shapes[first];
    uint32_t end = calls->count - first > REACH ? first + REACH : calls->count;
    for (uint32_t i = first; i < end && group.count < SIBLINGS_MAX; i++) {
        if (calls->shapes[i] == shape &&
            can_join(siblings, effects, calls, first, i)) {
            functions[group.count] = calls->functions[i];
            group.members[group.count++] = i;
        }
    }
    if (group.count < SIBLINGS_MIN) {
        return;
    }
    for (uint32_t i = 0; i < group.count; i++) {
        calls->shapes[group.members[i]] = 0;
    }
    if (siblings_write(siblings, effects, functions, group.count,
                       &group.body)) {
        add_group(siblings, group);
    }
}

static void find_groups(struct siblings *siblings, uint32_t caller,
                        const struct sibling_effects *effects)
{
    struct calls calls;
    if (!read_calls(siblings, caller, &calls)) {
        return;
    }
    for (uint32_t i = 0; i < calls.count; i++) {
        if (calls.shapes[i] != 0) {
            find_group(siblings, effects, &calls, caller, i);
        }
    }
}

bool siblings_find(struct siblings *siblings, const uint8_t *bytes, size_t size,
                   struct arena *arena, struct diag *diag)
{
    struct wasm_module *module = arena_alloc(arena, 1, sizeof(*module));
    *siblings = (struct siblings){.module = module, .arena = arena};
    if (!wasm_read(module, bytes, size, arena, diag)) {
        return false;
    }
    if (callgraph_is_recursive(module, arena) ||
        callgraph_has_cycle(module, arena)) {
        return true;
    }
    body_decode_all(&siblings->bodies, module, arena);
    siblings->range_function = module->imported_function_count - 1;
    siblings->row_of =
        arena_alloc(arena, module->global_count, sizeof(*siblings->row_of));
    struct sibling_effects *effects = siblings_effects(siblings);
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        find_groups(siblings, i, effects);
    }
    return true;
}
