/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

#include <string.h>

uint32_t *siblings_lanes(const struct sibling_writer *w)
{
    return arena_alloc(w->arena, w->count, sizeof(uint32_t));
}

const struct body_op *siblings_op(const struct sibling_writer *w,
                                  const struct sibling_frame *frame,
                                  uint32_t lane, uint32_t pc)
{
    return &w->siblings->bodies.functions[frame->functions[lane]].ops[pc];
}

bool siblings_push(struct sibling_writer *w, struct sibling_value value)
{
    if (w->stack_count == SIBLINGS_STACK) {
        return false;
    }
    w->stack[w->stack_count++] = value;
    return true;
}

struct sibling_value siblings_pop(struct sibling_writer *w)
{
    return w->stack[--w->stack_count];
}

const char *siblings_type(const struct sibling_writer *w, enum wasm_type type)
{
    return arena_format(w->arena, "f4e_%c%u", type == WASM_F32 ? 'f' : 'u',
                        w->width);
}

struct sibling_value siblings_begin(struct sibling_writer *w,
                                    enum wasm_type type)
{
    struct sibling_value value = {.id = ++w->next_id, .type = type};
    buf_format(w->out, "  const %s t%u = ", siblings_type(w, type), value.id);
    return value;
}

const char *siblings_name(struct sibling_writer *w, struct sibling_value *value)
{
    if (value->id == 0) {
        struct sibling_value named = siblings_begin(w, value->type);
        buf_format(w->out, "(%s)((f4e_u%u){", siblings_type(w, value->type),
                   w->width);
        for (uint32_t i = 0; i < w->width; i++) {
            buf_format(w->out, "%s0x%xu", i > 0 ? ", " : "",
                       value->constant[i < w->count ? i : 0]);
        }
        buf_text(w->out, "});\n");
        value->id = named.id;
    }
    return arena_format(w->arena, "t%u", value->id);
}

void siblings_assign(struct sibling_writer *w,
                     const struct sibling_variable *variable,
                     struct sibling_value value)
{
    const char *name = siblings_name(w, &value);
    buf_format(w->out, "  %s = %s;\n", variable->name, name);
    for (uint32_t i = variable->depth; i < w->arm_count; i++) {
        struct sibling_arm *arm = w->arms[i];
        bool is_new = true;
        for (uint32_t k = 0; k < arm->count; k++) {
            is_new =
                is_new && strcmp(arm->assigned[k]->name, variable->name) != 0;
        }
        if (is_new) {
            arm->assigned = arena_grow(w->arena, arm->assigned, arm->count,
                                       &arm->capacity, sizeof(*arm->assigned));
            arm->assigned[arm->count++] = variable;
        }
    }
}

void siblings_count(struct sibling_writer *w, uint32_t cost)
{
    w->single += SIBLINGS_OPERATION;
    w->joint += cost * SIBLINGS_OPERATION;
}

bool siblings_write_constant(struct sibling_writer *w,
                             const struct sibling_frame *frame, uint32_t pc)
{
    const struct wasm_insn *insn = &siblings_op(w, frame, 0, pc)->insn;
    uint32_t *constant = siblings_lanes(w);
    bool is_quiet = true;
    for (uint32_t i = 0; i < w->count; i++) {
        constant[i] = (uint32_t)siblings_op(w, frame, i, pc)->insn.constant;
        is_quiet = is_quiet && (constant[i] & 0x7fffffff) <= 0x7f800000;
    }
    return siblings_push(
        w, (struct sibling_value){
               .type = insn->code == CODE_F32_CONST ? WASM_F32 : WASM_I32,
               .constant = constant,
               .is_quiet = is_quiet});
}

bool siblings_write_local(struct sibling_writer *w,
                          const struct sibling_frame *frame,
                          const struct wasm_insn *insn)
{
    const struct sibling_variable *local = &frame->locals[insn->index];
    if (local->name == NULL) {
        return false;
    }
    if (insn->code == CODE_LOCAL_GET) {
        struct sibling_value value = siblings_begin(w, local->type);
        buf_format(w->out, "%s;\n", local->name);
        return siblings_push(w, value);
    }
    struct sibling_value value = siblings_pop(w);
    siblings_name(w, &value);
    siblings_assign(w, local, value);
    return insn->code == CODE_LOCAL_SET || siblings_push(w, value);
}
