/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

enum { CALL_COST = 10 };

bool siblings_write_fact(struct sibling_writer *w)
{
    siblings_pop(w);
    struct sibling_value last = siblings_pop(w);
    struct sibling_value first = siblings_pop(w);
    if (last.constant == NULL || first.constant == NULL) {
        return false;
    }
    struct sibling_value value = siblings_pop(w);
    value.first = first.constant;
    value.last = last.constant;
    return siblings_push(w, value);
}

bool siblings_is_straight(const struct wasm_body *body)
{
    for (uint32_t i = 0; i < body->op_count; i++) {
        uint32_t code = body->ops[i].insn.code;
        if (code != CODE_IF && code != CODE_ELSE && code != CODE_END &&
            code != CODE_NOP && code >= CODE_BLOCK && code <= CODE_RETURN) {
            return false;
        }
    }
    return true;
}

bool siblings_write_calls(struct sibling_writer *w, const uint32_t *functions)
{
    const struct wasm_module *module = w->siblings->module;
    const struct wasm_func_type *type =
        wasm_function_type(module, functions[0]);
    bool is_simple =
        type->result_count == 1 && type->param_count == 1 &&
        (type->results[0] == WASM_F32 || type->results[0] == WASM_I32);
    for (uint32_t i = 0; i < w->count; i++) {
        is_simple = is_simple &&
                    module->functions[functions[i]].type ==
                        module->functions[functions[0]].type &&
                    siblings_is_pure(w->siblings, &w->effects[functions[i]]);
    }
    if (!is_simple) {
        return false;
    }
    struct sibling_value argument = siblings_pop(w);
    const char *name = siblings_name(w, &argument);
    struct sibling_value value = {.id = ++w->next_id, .type = type->results[0]};
    buf_format(w->out, "  %s t%u = {0};\n", siblings_type(w, value.type),
               value.id);
    for (uint32_t i = 0; i < w->count; i++) {
        struct wasm_name called = module->functions[functions[i]].debug_name;
        buf_text(w->out, "  ");
        if (w->mask != NULL) {
            buf_format(w->out, "if (%s[%u]) ", w->mask, i);
        }
        buf_format(w->out, "t%u[%u] = F4E_SIBLING(%.*s)(instance, %s[%u]);\n",
                   value.id, i, (int)called.length, (const char *)called.bytes,
                   name, i);
    }
    w->single += CALL_COST * SIBLINGS_OPERATION;
    w->joint += CALL_COST * w->count * SIBLINGS_OPERATION;
    return siblings_push(w, value);
}
