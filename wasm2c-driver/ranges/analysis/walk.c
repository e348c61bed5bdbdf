/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/walk.h"

#include <string.h>

enum {
    MAX_DEPTH = 400, /* of nested blocks and calls: C's own stack */
    MAX_STEPS = 3 * 1000 * 1000,
    MAX_ROUNDS = 400, /* of one loop */
    TRIAL_ROUNDS = 2, /* after these, a trial */
    MAX_TABLE = 256,  /* labels of a br_table */
    MAX_ARENA_BYTES = 256 << 20,
};

static void walk_steps(struct walk *walk, const struct code_function *function,
                       uint32_t first, uint32_t end);

void walk_init(struct walk *walk, const struct code *code,
               struct memory_model *memory, struct arena *arena)
{
    *walk = (struct walk){.code = code};
    walk->world.memory = memory;
    walk->world.arena = arena;
    value_table_init(&walk->world.values, arena);
    heads_init(&walk->heads, arena);
    walk->sites = arena_alloc(arena, code->site_count, sizeof(*walk->sites));
    walk->labels = arena_alloc(arena, MAX_DEPTH + 1, sizeof(*walk->labels));
}

void walk_fail(struct walk *walk, const char *why)
{
    if (walk->failure == NULL) {
        walk->failure = why;
    }
    walk->state->is_dead = true;
}

/* A state is about to be copied: that takes time as instructions do. */
void walk_spend_copy(struct walk *walk)
{
    enum { PER_STEP = 8 };
    const struct state *state = walk->state;
    walk->steps +=
        ((uint64_t)state->slot_count + state->cell_count + state->fact_count) /
        PER_STEP;
}

/* ---- Jumps ---- */

static void open_label(struct walk *walk, uint32_t height, uint32_t arity)
{
    walk->labels[walk->label_count++] =
        (struct walk_label){state_take(&walk->world), height, arity};
}

/* Everything that jumped to the innermost label goes on after it. */
static void close_label(struct walk *walk)
{
    struct walk_label *label = &walk->labels[--walk->label_count];
    state_join(&walk->world, walk->state, label->out);
    state_give(&walk->world, label->out);
}

/* Only the values that a jump carries arrive, on what the label's block found.
 */
static void jump_from(struct walk *walk, struct state *state, uint32_t index)
{
    struct walk_label *label = &walk->labels[index];
    if (state->is_dead || index < walk->first_label) {
        return;
    }
    if (label->arity > 0) {
        memmove(&state->slots[label->height],
                &state->slots[state->slot_count - label->arity],
                label->arity * sizeof(*state->slots));
    }
    state->slot_count = label->height + label->arity;
    state_join(&walk->world, label->out, state);
}

static void jump(struct walk *walk, uint32_t index)
{
    jump_from(walk, walk->state, index);
    walk->state->is_dead = true;
}

static void jump_if(struct walk *walk, const struct code_step *step,
                    uint32_t index)
{
    struct state *taken = state_take(&walk->world);
    uint32_t condition = state_pop(walk->state);
    walk_note_value(walk, step, condition);
    walk_spend_copy(walk);
    state_copy(&walk->world, taken, walk->state);
    state_assume(&walk->world, taken, condition, true);
    jump_from(walk, taken, index);
    state_give(&walk->world, taken);
    state_assume(&walk->world, walk->state, condition, false);
}

static void jump_table(struct walk *walk, const struct wasm_insn *insn)
{
    (void)state_pop(walk->state);
    if (insn->label_count > MAX_TABLE) {
        walk_fail(walk, "a br_table has too many labels");
        return;
    }
    for (uint32_t k = 0; k <= insn->label_count; k++) {
        struct state *taken = state_take(&walk->world);
        walk_spend_copy(walk);
        state_copy(&walk->world, taken, walk->state);
        jump_from(walk, taken,
                  walk->label_count - 1 - wasm_insn_label(insn, k));
        state_give(&walk->world, taken);
    }
    walk->state->is_dead = true;
}

/* ---- Blocks ---- */

static void walk_block(struct walk *walk, const struct code_function *function,
                       uint32_t at)
{
    const struct code_step *step = &function->steps[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->code->module, step->insn.block_type);
    open_label(walk, walk->state->slot_count - type.param_count,
               type.result_count);
    walk_steps(walk, function, at + 1, step->other_end);
    close_label(walk);
}

static void walk_if(struct walk *walk, const struct code_function *function,
                    uint32_t at)
{
    const struct code_step *step = &function->steps[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->code->module, step->insn.block_type);
    uint32_t condition = state_pop(walk->state);
    struct state *other = state_take(&walk->world);
    walk_note_value(walk, step, condition);
    walk_spend_copy(walk);
    state_copy(&walk->world, other, walk->state);
    state_assume(&walk->world, walk->state, condition, true);
    state_assume(&walk->world, other, condition, false);
    open_label(walk, walk->state->slot_count - type.param_count,
               type.result_count);
    walk_steps(walk, function, at + 1, step->other_else);
    struct state *then = walk->state;
    walk->state = other;
    if (step->other_else != step->other_end) {
        walk_steps(walk, function, step->other_else + 1, step->other_end);
    }
    state_join(&walk->world, walk->state, then);
    state_give(&walk->world, then);
    close_label(walk);
}

/* Walk a round to see where values tend to, and forget everything else. */
static void try_round(struct walk *walk, const struct code_function *function,
                      uint32_t at, struct state_loop *loop, uint32_t arity)
{
    struct memory_model *memory = walk->world.memory;
    const struct code_step *step = &function->steps[at];
    bool was_trial = memory->is_trial;
    uint32_t first_label = walk->first_label;
    if (!state_begin_trial(&walk->world, loop, walk->state)) {
        return;
    }
    memory->is_trial = true;
    walk->first_label = walk->label_count;
    open_label(walk, walk->state->slot_count - arity, arity);
    walk_steps(walk, function, at + 1, step->other_end);
    struct state *back = walk->labels[--walk->label_count].out;
    state_end_trial(&walk->world, loop, back);
    state_give(&walk->world, back);
    walk->first_label = first_label;
    memory->is_trial = was_trial;
}

static void walk_loop(struct walk *walk, const struct code_function *function,
                      uint32_t at)
{
    const struct code_step *step = &function->steps[at];
    const struct wasm_func_type type =
        wasm_block_type(walk->code->module, step->insn.block_type);
    uint32_t height = walk->state->slot_count - type.param_count;
    struct state_loop loop = {.head = state_take(&walk->world)};
    struct state *entry = state_take(&walk->world);
    bool is_open = true;
    state_copy(&walk->world, loop.head, walk->state);
    state_copy(&walk->world, entry, walk->state);
    while (is_open) {
        state_copy(&walk->world, walk->state, loop.head);
        open_label(walk, height, type.param_count);
        walk_steps(walk, function, at + 1, step->other_end);
        struct state *back = walk->labels[--walk->label_count].out;
        is_open =
            walk->failure == NULL && state_widen(&walk->world, &loop, back);
        state_give(&walk->world, back);
        if (is_open && loop.rounds <= TRIAL_ROUNDS) {
            try_round(walk, function, at, &loop, type.param_count);
        }
        if (loop.rounds > MAX_ROUNDS) {
            walk_fail(walk, "a loop does not settle");
            is_open = false;
        }
    }
    if (!walk->world.memory->is_trial) {
        uint32_t path =
            heads_follow(&walk->heads, walk->path, (uint32_t)step->insn.offset);
        heads_keep(&walk->heads, path, &walk->world, entry, loop.head);
    }
    state_give(&walk->world, entry);
    state_give(&walk->world, loop.head);
}

/* ---- Calls ---- */

/* An imported function sees no memory (see analysis.c). */
static void call_imported(struct walk *walk, const struct wasm_func_type *type)
{
    walk->state->slot_count -= type->param_count;
    for (uint32_t i = 0; i < type->result_count; i++) {
        walk_push_unknown(walk, type->results[i]);
    }
}

static void call(struct walk *walk, uint32_t index, uint32_t at)
{
    const struct wasm_module *module = walk->code->module;
    const struct wasm_function *body = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    if (body->is_imported) {
        call_imported(walk, type);
        return;
    }
    if (walk->depth == MAX_DEPTH) {
        walk_fail(walk, "calls and blocks are nested too deep");
        return;
    }
    uint32_t body_label = walk->body_label;
    uint32_t frame = walk->frame;
    uint32_t path = walk->path;
    walk->depth++;
    walk->path = heads_follow(&walk->heads, path, at);
    walk->body_label = walk->label_count;
    walk->frame = walk->state->slot_count - type->param_count;
    for (uint32_t i = 0; i < body->local_count; i++) {
        state_push(&walk->world, walk->state,
                   body->local_types[i] == WASM_I32
                       ? value_constant(&walk->world.values, 0)
                       : VALUE_NONE);
    }
    open_label(walk, walk->frame, type->result_count);
    const struct code_function *function = &walk->code->functions[index];
    walk_steps(walk, function, 0, function->step_count - 1);
    jump(walk, walk->body_label);
    close_label(walk);
    walk->body_label = body_label;
    walk->frame = frame;
    walk->path = path;
    walk->depth--;
}

/* One instruction, with all that is inside of it; the step that ends it. */
static uint32_t walk_step(struct walk *walk,
                          const struct code_function *function, uint32_t at)
{
    const struct code_step *step = &function->steps[at];
    uint32_t label = walk->label_count - 1 - step->insn.index;
    switch (step->insn.code) {
    case CODE_UNREACHABLE:
        walk->state->is_dead = true;
        return at;
    case CODE_BLOCK:
        walk_block(walk, function, at);
        return step->other_end;
    case CODE_LOOP:
        walk_loop(walk, function, at);
        return step->other_end;
    case CODE_IF:
        walk_if(walk, function, at);
        return step->other_end;
    case CODE_BR:
        jump(walk, label);
        return at;
    case CODE_BR_IF:
        jump_if(walk, step, label);
        return at;
    case CODE_BR_TABLE:
        jump_table(walk, &step->insn);
        return at;
    case CODE_RETURN:
        jump(walk, walk->body_label);
        return at;
    case CODE_CALL:
        call(walk, step->insn.index, (uint32_t)step->insn.offset);
        return at;
    default:
        walk_plain(walk, step);
        return at;
    }
}

/* Steps 'first' to 'end' - 1 of one sequence; what is dead is not walked. */
static void walk_steps(struct walk *walk, const struct code_function *function,
                       uint32_t first, uint32_t end)
{
    if (walk->depth == MAX_DEPTH) {
        walk_fail(walk, "calls and blocks are nested too deep");
        return;
    }
    walk->depth++;
    for (uint32_t at = first; at < end && !walk->state->is_dead; at++) {
        if (++walk->steps > MAX_STEPS ||
            walk->world.arena->used > MAX_ARENA_BYTES) {
            walk_fail(walk, "the code takes too long to follow");
            break;
        }
        at = walk_step(walk, function, at);
    }
    walk->depth--;
}

bool walk_call(struct walk *walk, uint32_t function)
{
    const struct wasm_func_type *type =
        wasm_function_type(walk->code->module, function);
    value_table_clear(&walk->world.values);
    walk->state = state_take(&walk->world);
    walk->state->is_dead = false;
    for (uint32_t i = 0; i < type->param_count; i++) {
        walk_push_unknown(walk, type->params[i]);
    }
    call(walk, function, function);
    const struct state *end = walk->state;
    for (uint32_t i = 0; !end->is_dead && i < end->cell_count; i++) {
        const struct range range =
            state_range(&walk->world, end, end->cells[i].value);
        memory_leave(walk->world.memory, end->cells[i].key, &range);
    }
    state_give(&walk->world, walk->state);
    return walk->failure == NULL;
}
