/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/walk.h"

#include "ranges/certificate_format.h"

#include <string.h>

enum {
    MAX_ITERATIONS = 400,        /* of one loop */
    EXTRAPOLATED_ITERATIONS = 2, /* each followed by an extrapolation */
};

static void walk_steps(struct walk *walk, const struct wasm_body *body,
                       uint32_t first, uint32_t end);

void walk_init(struct walk *walk, const struct wasm_bodies *bodies,
               struct memory_model *memory, struct arena *arena)
{
    *walk = (struct walk){.bodies = bodies,
                          .max_steps = CERTIFICATE_MAX_STEPS +
                                       bodies->op_count *
                                           (uint64_t)CERTIFICATE_STEPS_PER_OP};
    walk->context.memory = memory;
    walk->context.arena = arena;
    value_table_init(&walk->context.values, arena);
    loop_heads_init(&walk->heads, arena);
    walk->sites = arena_alloc(arena, bodies->site_count, sizeof(*walk->sites));
    walk->labels =
        arena_alloc(arena, CERTIFICATE_MAX_DEPTH + 1, sizeof(*walk->labels));
}

/* ---- Jumps ---- */

static void open_label(struct walk *walk, uint32_t height, uint32_t arity)
{
    walk->labels[walk->label_count++] =
        (struct walk_label){state_acquire(&walk->context), height, arity};
}

/* Join the jumps to the innermost label into the state after it. */
static void close_label(struct walk *walk)
{
    struct walk_label *label = &walk->labels[--walk->label_count];
    state_join(&walk->context, walk->state, label->out);
    state_release(&walk->context, label->out);
}

/* A jump keeps the values that it carries, on the stack that the block began
 * with. */
static void jump_from(struct walk *walk, struct state *state, uint32_t index)
{
    struct walk_label *label = &walk->labels[index];
    if (state->is_unreachable || index < walk->first_label) {
        return;
    }
    if (label->arity > 0) {
        memmove(&state->slots[label->height],
                &state->slots[state->slot_count - label->arity],
                label->arity * sizeof(*state->slots));
    }
    state->slot_count = label->height + label->arity;
    state_join(&walk->context, label->out, state);
}

static void jump(struct walk *walk, uint32_t index)
{
    jump_from(walk, walk->state, index);
    walk->state->is_unreachable = true;
}

static void jump_if(struct walk *walk, const struct body_op *op, uint32_t index)
{
    struct state *taken = state_acquire(&walk->context);
    uint32_t condition = state_pop(walk->state);
    walk_record_value(walk, op, condition);
    walk_spend_copy(walk);
    state_copy(&walk->context, taken, walk->state);
    state_assume(&walk->context, taken, condition, true);
    jump_from(walk, taken, index);
    state_release(&walk->context, taken);
    state_assume(&walk->context, walk->state, condition, false);
}

static void jump_table(struct walk *walk, const struct wasm_insn *insn)
{
    (void)state_pop(walk->state);
    if (insn->label_count > CERTIFICATE_MAX_LABELS) {
        walk_fail(walk, "a br_table has too many labels");
        return;
    }
    for (uint32_t k = 0; k <= insn->label_count; k++) {
        struct state *taken = state_acquire(&walk->context);
        walk_spend_copy(walk);
        state_copy(&walk->context, taken, walk->state);
        jump_from(walk, taken,
                  walk->label_count - 1 - wasm_insn_label(insn, k));
        state_release(&walk->context, taken);
    }
    walk->state->is_unreachable = true;
}

/* ---- Blocks ---- */

static void walk_block(struct walk *walk, const struct wasm_body *body,
                       uint32_t at)
{
    const struct body_op *op = &body->ops[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->bodies->module, op->insn.block_type);
    open_label(walk, walk->state->slot_count - type.param_count,
               type.result_count);
    walk_steps(walk, body, at + 1, op->end_index);
    close_label(walk);
}

static void walk_if(struct walk *walk, const struct wasm_body *body,
                    uint32_t at)
{
    const struct body_op *op = &body->ops[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->bodies->module, op->insn.block_type);
    uint32_t condition = state_pop(walk->state);
    struct state *other = state_acquire(&walk->context);
    walk_record_value(walk, op, condition);
    walk_spend_copy(walk);
    state_copy(&walk->context, other, walk->state);
    state_assume(&walk->context, walk->state, condition, true);
    state_assume(&walk->context, other, condition, false);
    open_label(walk, walk->state->slot_count - type.param_count,
               type.result_count);
    walk_steps(walk, body, at + 1, op->else_index);
    struct state *then = walk->state;
    walk->state = other;
    if (op->else_index != op->end_index) {
        walk_steps(walk, body, op->else_index + 1, op->end_index);
    }
    state_join(&walk->context, walk->state, then);
    state_release(&walk->context, then);
    close_label(walk);
}

/* Walk one iteration from an extrapolated head; only its targets are kept. */
static void extrapolate_iteration(struct walk *walk,
                                  const struct wasm_body *body, uint32_t at,
                                  struct state_loop *loop, uint32_t arity)
{
    struct memory_model *memory = walk->context.memory;
    const struct body_op *op = &body->ops[at];
    bool was_extrapolating = memory->is_extrapolating;
    uint32_t first_label = walk->first_label;
    if (!state_begin_extrapolation(&walk->context, loop, walk->state)) {
        return;
    }
    memory->is_extrapolating = true;
    walk->first_label = walk->label_count;
    open_label(walk, walk->state->slot_count - arity, arity);
    walk_steps(walk, body, at + 1, op->end_index);
    struct state *back = walk->labels[--walk->label_count].out;
    state_end_extrapolation(&walk->context, loop, back);
    state_release(&walk->context, back);
    walk->first_label = first_label;
    memory->is_extrapolating = was_extrapolating;
}

static void walk_loop(struct walk *walk, const struct wasm_body *body,
                      uint32_t at)
{
    const struct body_op *op = &body->ops[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->bodies->module, op->insn.block_type);
    uint32_t height = walk->state->slot_count - type.param_count;
    struct state_loop loop = {.head = state_acquire(&walk->context)};
    struct state *entry = state_acquire(&walk->context);
    bool is_open = true;
    state_copy(&walk->context, loop.head, walk->state);
    state_copy(&walk->context, entry, walk->state);
    while (is_open) {
        state_copy(&walk->context, walk->state, loop.head);
        open_label(walk, height, type.param_count);
        walk_steps(walk, body, at + 1, op->end_index);
        struct state *back = walk->labels[--walk->label_count].out;
        is_open =
            walk->failure == NULL && state_widen(&walk->context, &loop, back);
        state_release(&walk->context, back);
        if (is_open && loop.iterations <= EXTRAPOLATED_ITERATIONS) {
            extrapolate_iteration(walk, body, at, &loop, type.param_count);
        }
        if (loop.iterations > MAX_ITERATIONS) {
            walk_fail(walk, "a loop does not settle");
            is_open = false;
        }
    }
    if (!walk->context.memory->is_extrapolating) {
        uint32_t path = loop_heads_follow(&walk->heads, walk->path,
                                          (uint32_t)op->insn.offset);
        loop_heads_record(&walk->heads, path, &walk->context, entry, loop.head);
    }
    state_release(&walk->context, entry);
    state_release(&walk->context, loop.head);
}

/* ---- Calls ---- */

/* An imported function cannot access the memory (see find_obstacle()). */
static void call_imported(struct walk *walk, const struct wasm_func_type *type)
{
    walk->state->slot_count -= type->param_count;
    for (uint32_t i = 0; i < type->result_count; i++) {
        walk_push_unknown(walk, type->results[i]);
    }
}

static void call(struct walk *walk, uint32_t index, uint32_t at)
{
    const struct wasm_module *module = walk->bodies->module;
    const struct wasm_function *function = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    if (function->is_imported) {
        call_imported(walk, type);
        return;
    }
    if (walk->depth == CERTIFICATE_MAX_DEPTH) {
        walk_fail(walk, "calls and blocks are nested too deep");
        return;
    }
    uint32_t body_label = walk->body_label;
    uint32_t frame = walk->frame;
    uint32_t path = walk->path;
    walk->depth++;
    walk->path = loop_heads_follow(&walk->heads, path, at);
    walk->body_label = walk->label_count;
    walk->frame = walk->state->slot_count - type->param_count;
    for (uint32_t i = 0; i < function->local_count; i++) {
        state_push(&walk->context, walk->state,
                   function->local_types[i] == WASM_I32
                       ? value_constant(&walk->context.values, 0)
                       : VALUE_NONE);
    }
    open_label(walk, walk->frame, type->result_count);
    const struct wasm_body *body = &walk->bodies->functions[index];
    walk_steps(walk, body, 0, body->op_count - 1);
    jump(walk, walk->body_label);
    close_label(walk);
    walk->body_label = body_label;
    walk->frame = frame;
    walk->path = path;
    walk->depth--;
}

/* One instruction, blocks included; returns the index of its last op. */
static uint32_t walk_step(struct walk *walk, const struct wasm_body *body,
                          uint32_t at)
{
    const struct body_op *op = &body->ops[at];
    uint32_t label = walk->label_count - 1 - op->insn.index;
    switch (op->insn.code) {
    case CODE_UNREACHABLE:
        walk->state->is_unreachable = true;
        return at;
    case CODE_BLOCK:
        walk_block(walk, body, at);
        return op->end_index;
    case CODE_LOOP:
        walk_loop(walk, body, at);
        return op->end_index;
    case CODE_IF:
        walk_if(walk, body, at);
        return op->end_index;
    case CODE_BR:
        jump(walk, label);
        return at;
    case CODE_BR_IF:
        jump_if(walk, op, label);
        return at;
    case CODE_BR_TABLE:
        jump_table(walk, &op->insn);
        return at;
    case CODE_RETURN:
        jump(walk, walk->body_label);
        return at;
    case CODE_CALL:
        call(walk, op->insn.index, (uint32_t)op->insn.offset);
        return at;
    default:
        walk_plain(walk, op);
        return at;
    }
}

/* The ops 'first' to 'end' - 1; stops at code that is unreachable. */
static void walk_steps(struct walk *walk, const struct wasm_body *body,
                       uint32_t first, uint32_t end)
{
    if (walk->depth == CERTIFICATE_MAX_DEPTH) {
        walk_fail(walk, "calls and blocks are nested too deep");
        return;
    }
    walk->depth++;
    for (uint32_t at = first; at < end && !walk->state->is_unreachable; at++) {
        if (++walk->steps > walk->max_steps ||
            walk->context.arena->used > CERTIFICATE_MAX_ARENA_BYTES) {
            walk_fail(walk, "the code takes too long to follow");
            break;
        }
        at = walk_step(walk, body, at);
    }
    walk->depth--;
}

bool walk_call(struct walk *walk, uint32_t body)
{
    const struct wasm_func_type *type =
        wasm_function_type(walk->bodies->module, body);
    value_table_clear(&walk->context.values);
    walk->state = state_acquire(&walk->context);
    walk->state->is_unreachable = false;
    for (uint32_t i = 0; i < type->param_count; i++) {
        walk_push_unknown(walk, type->params[i]);
    }
    call(walk, body, body);
    const struct state *end = walk->state;
    for (uint32_t i = 0; !end->is_unreachable && i < end->cell_count; i++) {
        const struct range range =
            state_range(&walk->context, end, end->cells[i].value);
        memory_join_exit(walk->context.memory, end->cells[i].key, &range);
    }
    state_release(&walk->context, walk->state);
    return walk->failure == NULL;
}
