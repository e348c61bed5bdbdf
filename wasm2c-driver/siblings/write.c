/* SPDX-License-Identifier: MIT */
#include "siblings/siblings_internal.h"

#include <string.h>

enum {
    SINGLE_MIN = 8, /* operations: less is not worth a function */
    CHAIN_MAX = 3,  /* conditions of one word: as vectors, each waits for the
                       last one; a state machine's branches do not */
    GAIN_MIN = 12,  /* eighths: that many times fewer operations */
    IDS_MAX = 8 * 1024, /* values of one group: what compilers still like */
};

static bool write_ops(struct sibling_writer *w,
                      const struct sibling_frame *frame, uint32_t pc,
                      uint32_t end);

/* Whether the instruction is the same in all lanes, but for what may differ:
 * a constant, a global, the function that is called, the offset of a load. */
static bool is_common(const struct sibling_writer *w,
                      const struct sibling_frame *frame, uint32_t pc)
{
    const struct body_op *op = siblings_op(w, frame, 0, pc);
    for (uint32_t i = 1; i < w->count; i++) {
        const struct body_op *other = siblings_op(w, frame, i, pc);
        bool is_local =
            op->insn.code >= CODE_LOCAL_GET && op->insn.code <= CODE_LOCAL_TEE;
        if (other->insn.code != op->insn.code ||
            other->insn.index2 != op->insn.index2 ||
            other->insn.block_type != op->insn.block_type ||
            other->else_index != op->else_index ||
            other->end_index != op->end_index ||
            (is_local && other->insn.index != op->insn.index)) {
            return false;
        }
    }
    return true;
}

static bool write_function(struct sibling_writer *w, const uint32_t *functions);

static bool write_call(struct sibling_writer *w,
                       const struct sibling_frame *frame, uint32_t pc)
{
    const struct wasm_module *module = w->siblings->module;
    uint32_t *functions = siblings_lanes(w);
    bool is_straight_line = true;
    for (uint32_t i = 0; i < w->count; i++) {
        functions[i] = siblings_op(w, frame, i, pc)->insn.index;
        if (functions[i] == w->siblings->range_function) {
            return i == 0 && siblings_write_fact(w);
        }
        if (module->functions[functions[i]].is_imported) {
            return false;
        }
        is_straight_line =
            is_straight_line &&
            siblings_is_straight(&w->siblings->bodies.functions[functions[i]]);
    }
    return is_straight_line ? write_function(w, functions)
                            : siblings_write_calls(w, functions);
}

/* ---- Conditions ---- */

/* What an arm leaves on the stack goes into the variable "NAME<id>". */
static bool end_arm(struct sibling_writer *w, bool has_result, const char *name,
                    uint32_t id)
{
    if (!has_result) {
        return true;
    }
    struct sibling_value value = siblings_pop(w);
    const char *text = siblings_name(w, &value);
    buf_format(w->out, "  %s%u = %s;\n", name, id, text);
    return true;
}

static bool write_arm(struct sibling_writer *w,
                      const struct sibling_frame *frame,
                      struct sibling_arm *arm, uint32_t pc, uint32_t end,
                      const char *mask)
{
    uint32_t depth = w->stack_count;
    siblings_open_arm(w, arm, mask);
    bool is_done = write_ops(w, frame, pc, end);
    return is_done && w->stack_count >= depth;
}

static const char *write_mask(struct sibling_writer *w, const char *condition,
                              const char *outer, const char *name, uint32_t id)
{
    buf_format(w->out, "  const f4e_s%u %s%u = %s%s%s;\n", w->width, name, id,
               condition, outer != NULL ? " & " : "",
               outer != NULL ? outer : "");
    return arena_format(w->arena, "%s%u", name, id);
}

static bool write_if(struct sibling_writer *w,
                     const struct sibling_frame *frame, uint32_t pc)
{
    const struct body_op *op = siblings_op(w, frame, 0, pc);
    struct wasm_func_type type =
        wasm_block_type(w->siblings->module, op->insn.block_type);
    bool has_else = op->else_index != op->end_index;
    bool has_result = type.result_count == 1;
    if (w->arm_count == SIBLINGS_ARMS || type.param_count > 0 ||
        type.result_count > 1 ||
        (has_result && type.results[0] != WASM_I32 &&
         type.results[0] != WASM_F32)) {
        return false;
    }
    struct sibling_value condition = siblings_pop(w);
    uint32_t id = ++w->next_id;
    siblings_count(w, 1);
    const char *test =
        arena_format(w->arena, "(%s != 0u)", siblings_name(w, &condition));
    const char *masks[2] = {write_mask(w, test, w->mask, "is", id), ""};
    if (has_else) {
        test = arena_format(w->arena, "~is%u", id);
        masks[1] = write_mask(w, test, w->mask, "not", id);
    }
    if (has_result) {
        const char *name = siblings_type(w, type.results[0]);
        buf_format(w->out, "  %s then%u = {0}, else%u = {0};\n", name, id, id);
    }
    struct sibling_arm arms[2] = {{0}, {0}};
    if (!write_arm(w, frame, &arms[0], pc + 1, op->else_index, masks[0]) ||
        !end_arm(w, has_result, "then", id)) {
        return false;
    }
    siblings_close_arm(w, &arms[0]);
    if (!has_else) {
        siblings_join_arms(w, arms, masks, id, false);
        return true;
    }
    arms[1].assigned = arms[0].assigned;
    arms[1].count = arms[0].count;
    arms[1].capacity = arms[0].count; /* grows into an array of its own */
    if (!write_arm(w, frame, &arms[1], op->else_index + 1, op->end_index,
                   masks[1]) ||
        !end_arm(w, has_result, "else", id)) {
        return false;
    }
    siblings_close_arm(w, &arms[1]);
    siblings_join_arms(w, arms, masks, id, true);
    if (!has_result) {
        return true;
    }
    struct sibling_value value = siblings_begin(w, type.results[0]);
    buf_format(w->out, "%s ? then%u : else%u;\n", masks[0], id, id);
    return siblings_push(w, value);
}

/* ---- Functions ---- */

static bool write_insn(struct sibling_writer *w,
                       const struct sibling_frame *frame, uint32_t pc)
{
    const struct wasm_insn *insn = &siblings_op(w, frame, 0, pc)->insn;
    switch (insn->code) {
    case CODE_NOP:
        return true;
    case CODE_DROP:
        siblings_pop(w);
        return true;
    case CODE_CALL:
        return write_call(w, frame, pc);
    case CODE_SELECT:
        return siblings_write_select(w);
    case CODE_LOCAL_GET:
    case CODE_LOCAL_SET:
    case CODE_LOCAL_TEE:
        return siblings_write_local(w, frame, insn);
    case CODE_GLOBAL_GET:
    case CODE_GLOBAL_SET:
        return siblings_write_global(w, frame, pc);
    case CODE_I32_CONST:
    case CODE_F32_CONST:
        return siblings_write_constant(w, frame, pc);
    default:
        return body_is_load(insn->code) ? siblings_write_load(w, frame, pc)
                                        : siblings_write_op(w, insn);
    }
}

static bool write_ops(struct sibling_writer *w,
                      const struct sibling_frame *frame, uint32_t pc,
                      uint32_t end)
{
    while (pc < end) {
        if (!is_common(w, frame, pc)) {
            return false;
        }
        const struct body_op *op = siblings_op(w, frame, 0, pc);
        bool is_if = op->insn.code == CODE_IF;
        if (!(is_if ? write_if(w, frame, pc) : write_insn(w, frame, pc))) {
            return false;
        }
        pc = is_if ? op->end_index + 1 : pc + 1;
    }
    return true;
}

/* Whether the functions have equally many instructions, parameters, results
 * and locals, of the same types. */
static bool are_alike(const struct sibling_writer *w, const uint32_t *functions)
{
    const struct wasm_module *module = w->siblings->module;
    const struct wasm_function *first = &module->functions[functions[0]];
    for (uint32_t i = 1; i < w->count; i++) {
        const struct wasm_function *other = &module->functions[functions[i]];
        if (other->type != first->type ||
            other->local_count != first->local_count ||
            w->siblings->bodies.functions[functions[i]].op_count !=
                w->siblings->bodies.functions[functions[0]].op_count ||
            (first->local_count > 0 &&
             memcmp(other->local_types, first->local_types,
                    first->local_count) != 0)) {
            return false;
        }
    }
    return true;
}

/* The locals of a frame, parameters first, which are on the stack. */
static void declare_locals(struct sibling_writer *w,
                           struct sibling_frame *frame)
{
    const struct wasm_module *module = w->siblings->module;
    const struct wasm_function *function =
        &module->functions[frame->functions[0]];
    const struct wasm_func_type *type =
        wasm_function_type(module, frame->functions[0]);
    uint32_t id = ++w->next_id;
    uint32_t count = type->param_count + function->local_count;
    frame->locals = arena_alloc(w->arena, count, sizeof(*frame->locals));
    for (uint32_t i = count; i-- > 0;) {
        struct sibling_variable *local = &frame->locals[i];
        bool is_parameter = i < type->param_count;
        local->type = is_parameter
                          ? type->params[i]
                          : function->local_types[i - type->param_count];
        local->depth = w->arm_count;
        const char *start = "{0}";
        if (is_parameter) {
            struct sibling_value value = siblings_pop(w);
            start = siblings_name(w, &value);
        }
        if (local->type == WASM_I32 || local->type == WASM_F32) {
            local->name = arena_format(w->arena, "l%u_%u", id, i);
            buf_format(w->out, "  %s %s = %s;\n", siblings_type(w, local->type),
                       local->name, start);
        }
    }
}

static bool write_function(struct sibling_writer *w, const uint32_t *functions)
{
    const struct wasm_func_type *type =
        wasm_function_type(w->siblings->module, functions[0]);
    bool is_typed = type->result_count <= 1;
    for (uint32_t i = 0; i < type->param_count; i++) {
        is_typed = is_typed &&
                   (type->params[i] == WASM_I32 || type->params[i] == WASM_F32);
    }
    if (!is_typed || !are_alike(w, functions) || w->frames == SIBLINGS_FRAMES ||
        w->next_id > IDS_MAX) {
        return false;
    }
    struct sibling_frame frame;
    memcpy(frame.functions, functions, w->count * sizeof(*functions));
    declare_locals(w, &frame);
    w->frames++;
    const struct wasm_body *body = &w->siblings->bodies.functions[functions[0]];
    bool is_done = write_ops(w, &frame, 0, body->op_count - 1);
    w->frames--;
    return is_done;
}

/* Give up the rows from 'count' on. */
static void forget_rows(struct siblings *siblings, uint32_t count)
{
    while (siblings->row_count > count) {
        const struct sibling_row *row = &siblings->rows[--siblings->row_count];
        for (uint32_t i = 0; i < row->count; i++) {
            siblings->row_of[row->globals[i]] = 0;
        }
    }
}

bool siblings_write(struct siblings *siblings,
                    const struct sibling_effects *effects,
                    const uint32_t *functions, uint32_t count,
                    const char **body)
{
    uint32_t rows = siblings->row_count;
    struct sibling_writer *w = arena_alloc(siblings->arena, 1, sizeof(*w));
    struct buf out;
    buf_init(&out, siblings->arena);
    w->siblings = siblings;
    w->effects = effects;
    w->arena = siblings->arena;
    w->count = count;
    w->width = count <= 4 ? 4 : count <= 8 ? 8 : 16;
    w->out = &out;
    w->selections = arena_alloc(w->arena, siblings->module->global_count + 1,
                                sizeof(uint32_t));
    bool is_done = write_function(w, functions) && w->chain <= CHAIN_MAX &&
                   w->single >= SINGLE_MIN * SIBLINGS_OPERATION &&
                   w->single * count * 8 >= GAIN_MIN * w->joint;
    if (!is_done) {
        forget_rows(siblings, rows);
    }
    *body = buf_string(&out);
    return is_done;
}
