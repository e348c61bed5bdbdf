/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay.h"

#include "ranges/certificate_format.h"

static void replay_ops(struct replay *replay, const struct wasm_body *body,
                       uint32_t first, uint32_t end);

void replay_init(struct replay *replay, const struct certificate *certificate,
                 const struct wasm_bodies *bodies, struct arena *arena)
{
    *replay = (struct replay){
        .certificate = certificate,
        .bodies = bodies,
        .max_steps = CERTIFICATE_MAX_STEPS +
                     bodies->op_count * (uint64_t)CERTIFICATE_STEPS_PER_OP};
    replay_context_init(&replay->context, certificate, arena);
    replay->labels =
        arena_alloc(arena, CERTIFICATE_MAX_DEPTH + 1, sizeof(*replay->labels));
    replay->memory_bytes = arena->used;
}

/* ---- Jumps ---- */

static void open_label(struct replay *replay, const struct replay_loop *loop,
                       uint32_t height, uint32_t arity)
{
    struct replay_label label = {
        .loop = loop, .height = height, .arity = arity};
    label.out = loop == NULL ? replay_state_acquire(&replay->context) : NULL;
    replay->labels[replay->label_count++] = label;
}

/* Join the jumps to the innermost label into the state after it. */
static void close_label(struct replay *replay)
{
    struct replay_state *out = replay->labels[--replay->label_count].out;
    replay_state_join(&replay->context, replay->state, out);
    replay_state_release(&replay->context, out);
}

/* Jump to label 'index'; 'state' is unreachable after it. */
static void jump(struct replay *replay, struct replay_state *state,
                 uint32_t index)
{
    const struct replay_label *label = &replay->labels[index];
    if (state->is_unreachable) {
        return;
    }
    uint32_t from = state->slot_count - label->arity;
    for (uint32_t i = 0; i < label->arity; i++) {
        state->slots[label->height + i] = state->slots[from + i];
    }
    state->slot_count = label->height + label->arity;
    if (label->loop != NULL) {
        replay_check_back_edge(replay, label->loop, state);
    } else {
        replay_state_join(&replay->context, label->out, state);
    }
    state->is_unreachable = true;
}

static void jump_if(struct replay *replay, const struct body_op *op,
                    uint32_t index)
{
    uint32_t condition = replay_state_pop(replay->state);
    replay_check_value(replay, op, condition);
    struct replay_state *taken =
        replay_state_clone(&replay->context, replay->state);
    replay_state_assume(&replay->context, taken, condition, true);
    jump(replay, taken, index);
    replay_state_release(&replay->context, taken);
    replay_state_assume(&replay->context, replay->state, condition, false);
}

static void jump_table(struct replay *replay, const struct wasm_insn *insn)
{
    (void)replay_state_pop(replay->state);
    if (insn->label_count > CERTIFICATE_MAX_LABELS) {
        replay_fail(replay, insn->offset, "too many labels");
        return;
    }
    for (uint32_t i = 0; i <= insn->label_count; i++) {
        struct replay_state *taken =
            replay_state_clone(&replay->context, replay->state);
        jump(replay, taken, replay->label_count - 1 - wasm_insn_label(insn, i));
        replay_state_release(&replay->context, taken);
    }
    replay->state->is_unreachable = true;
}

/* ---- Blocks ---- */

static void replay_block(struct replay *replay, const struct wasm_body *body,
                         uint32_t at, const struct wasm_func_type *type)
{
    open_label(replay, NULL, replay->state->slot_count - type->param_count,
               type->result_count);
    replay_ops(replay, body, at + 1, body->ops[at].end_index);
    close_label(replay);
}

static void replay_loop(struct replay *replay, const struct wasm_body *body,
                        uint32_t at, const struct wasm_func_type *type)
{
    struct replay_loop loop;
    replay_enter_loop(replay, &loop, body->ops[at].insn.offset);
    open_label(replay, &loop, replay->state->slot_count - type->param_count,
               type->param_count);
    replay_ops(replay, body, at + 1, body->ops[at].end_index);
    replay->label_count--;
    replay_state_release(&replay->context, loop.entry);
}

static void replay_if(struct replay *replay, const struct wasm_body *body,
                      uint32_t at, const struct wasm_func_type *type)
{
    const struct body_op *op = &body->ops[at];
    uint32_t condition = replay_state_pop(replay->state);
    replay_check_value(replay, op, condition);
    struct replay_state *other =
        replay_state_clone(&replay->context, replay->state);
    replay_state_assume(&replay->context, replay->state, condition, true);
    replay_state_assume(&replay->context, other, condition, false);
    open_label(replay, NULL, replay->state->slot_count - type->param_count,
               type->result_count);
    replay_ops(replay, body, at + 1, op->else_index);
    struct replay_state *first = replay->state;
    replay->state = other;
    if (op->else_index != op->end_index) {
        replay_ops(replay, body, op->else_index + 1, op->end_index);
    }
    replay_state_join(&replay->context, replay->state, first);
    replay_state_release(&replay->context, first);
    close_label(replay);
}

/* ---- Calls ---- */

/* Functions of the host cannot access the memory: those that might are rejected
 * (check.h). */
static void call_imported(struct replay *replay,
                          const struct wasm_func_type *type)
{
    replay->state->slot_count -= type->param_count;
    for (uint32_t i = 0; i < type->result_count; i++) {
        replay_push_unknown(replay, type->results[i]);
    }
}

/* The body of a function whose arguments are on the stack. */
static void replay_body(struct replay *replay, uint32_t index)
{
    const struct wasm_module *module = replay->bodies->module;
    const struct wasm_function *function = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    const struct wasm_body *body = &replay->bodies->functions[index];
    uint32_t body_label = replay->body_label;
    uint32_t frame = replay->frame;
    replay->body_label = replay->label_count;
    replay->frame = replay->state->slot_count - type->param_count;
    open_label(replay, NULL, replay->frame, type->result_count);
    for (uint32_t i = 0; i < function->local_count; i++) {
        replay_state_push(&replay->context, replay->state,
                          function->local_types[i] == WASM_I32
                              ? term_constant(&replay->context.terms, 0)
                              : TERM_NONE);
    }
    replay_ops(replay, body, 0, body->op_count - 1);
    jump(replay, replay->state, replay->body_label);
    close_label(replay);
    replay->body_label = body_label;
    replay->frame = frame;
}

static void call(struct replay *replay, const struct wasm_insn *insn)
{
    const struct wasm_module *module = replay->bodies->module;
    uint32_t path = replay->path;
    if (module->functions[insn->index].is_imported) {
        call_imported(replay, wasm_function_type(module, insn->index));
        return;
    }
    replay->path = certificate_follow(replay->certificate, path, insn->offset);
    replay_body(replay, insn->index);
    replay->path = path;
}

/* One instruction, blocks included; returns the index of its last op. */
static uint32_t replay_op(struct replay *replay, const struct wasm_body *body,
                          uint32_t at)
{
    const struct body_op *op = &body->ops[at];
    const struct wasm_insn *insn = &op->insn;
    uint32_t label = replay->label_count - 1 - insn->index;
    struct wasm_func_type type;
    switch (insn->code) {
    case CODE_UNREACHABLE:
        replay->state->is_unreachable = true;
        return at;
    case CODE_BLOCK:
    case CODE_LOOP:
    case CODE_IF:
        type = wasm_block_type(replay->bodies->module, insn->block_type);
        (insn->code == CODE_BLOCK  ? replay_block
         : insn->code == CODE_LOOP ? replay_loop
                                   : replay_if)(replay, body, at, &type);
        return op->end_index;
    case CODE_BR:
        jump(replay, replay->state, label);
        return at;
    case CODE_BR_IF:
        jump_if(replay, op, label);
        return at;
    case CODE_BR_TABLE:
        jump_table(replay, insn);
        return at;
    case CODE_RETURN:
        jump(replay, replay->state, replay->body_label);
        return at;
    case CODE_CALL:
        call(replay, insn);
        return at;
    default:
        replay_plain(replay, op);
        return at;
    }
}

/* The ops 'first' to 'end' - 1; stops at code that is unreachable. */
static void replay_ops(struct replay *replay, const struct wasm_body *body,
                       uint32_t first, uint32_t end)
{
    const struct arena *arena = replay->context.arena;
    if (replay->depth == CERTIFICATE_MAX_DEPTH) {
        replay_fail(replay, body->ops[first].insn.offset,
                    "calls and blocks are nested too deep");
        return;
    }
    replay->depth++;
    for (uint32_t at = first; at < end && !replay->state->is_unreachable;
         at++) {
        replay->steps++;
        if (replay->failure != NULL ||
            replay->steps + replay->context.work / CERTIFICATE_WORDS_PER_STEP >
                replay->max_steps ||
            arena->used - replay->memory_bytes > CERTIFICATE_MAX_ARENA_BYTES) {
            replay_fail(replay, body->ops[at].insn.offset,
                        "the check takes too long");
            break;
        }
        at = replay_op(replay, body, at);
    }
    replay->depth--;
}

bool replay_call(struct replay *replay, uint32_t body)
{
    const struct wasm_module *module = replay->bodies->module;
    const struct wasm_func_type *type = wasm_function_type(module, body);
    terms_clear(&replay->context.terms);
    replay->state = replay_state_acquire(&replay->context);
    replay->state->is_unreachable = false;
    replay->path = certificate_follow(replay->certificate, 0, body);
    for (uint32_t i = 0; i < type->param_count; i++) {
        replay_push_unknown(replay, type->params[i]);
    }
    replay_body(replay, body);
    const struct replay_state *end = replay->state;
    for (uint32_t i = 0; !end->is_unreachable && i < end->cell_count; i++) {
        const struct replay_cell *word = &end->cells[i];
        const struct interval left =
            replay_state_interval(&replay->context, end, word->term);
        if (!certificate_allows(replay->certificate, word->key, word->key + 4,
                                &left)) {
            replay_fail(replay, module->functions[body].code_offset,
                        "a word is left as the proof does not allow by the "
                        "call of the function");
        }
    }
    replay_state_release(&replay->context, replay->state);
    return replay->failure == NULL;
}
