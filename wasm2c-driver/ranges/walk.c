/* SPDX-License-Identifier: MIT */
#include "walk.h"

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
    walk->sites = arena_alloc(arena, code->site_count, sizeof(*walk->sites));
    walk->labels = arena_alloc(arena, MAX_DEPTH + 1, sizeof(*walk->labels));
}

static void fail(struct walk *walk, const char *why)
{
    if (walk->failure == NULL) {
        walk->failure = why;
    }
    walk->state->is_dead = true;
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
        fail(walk, "a br_table has too many labels");
        return;
    }
    for (uint32_t k = 0; k <= insn->label_count; k++) {
        struct state *taken = state_take(&walk->world);
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
    bool is_open = true;
    state_copy(&walk->world, loop.head, walk->state);
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
            fail(walk, "a loop does not settle");
            is_open = false;
        }
    }
    state_give(&walk->world, loop.head);
}

/* ---- Calls ---- */

static void push_unknown(struct walk *walk, uint8_t type)
{
    state_push(&walk->world, walk->state,
               type == WASM_I32 ? value_leaf(&walk->world.values, range_top())
                                : VALUE_NONE);
}

/* An imported function sees no memory (see analysis.c). */
static void call_imported(struct walk *walk, const struct wasm_func_type *type)
{
    walk->state->slot_count -= type->param_count;
    for (uint32_t i = 0; i < type->result_count; i++) {
        push_unknown(walk, type->results[i]);
    }
}

static void call(struct walk *walk, uint32_t index)
{
    const struct wasm_module *module = walk->code->module;
    const struct wasm_function *body = &module->functions[index];
    const struct wasm_func_type *type = wasm_function_type(module, index);
    if (body->is_imported) {
        call_imported(walk, type);
        return;
    }
    if (walk->depth == MAX_DEPTH) {
        fail(walk, "calls and blocks are nested too deep");
        return;
    }
    uint32_t body_label = walk->body_label;
    uint32_t frame = walk->frame;
    walk->depth++;
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
    walk->depth--;
}

/* ---- Values ---- */

/* Without a condition that tells: either value, as far as each can be when it
 * is the one. */
static void walk_select(struct walk *walk, const struct code_step *step)
{
    struct state_world *world = &walk->world;
    struct state *state = walk->state;
    uint32_t condition = state_pop(state);
    uint32_t second = state_pop(state);
    uint32_t first = state_pop(state);
    walk_note_value(walk, step, condition);
    if (first == second || first == VALUE_NONE || second == VALUE_NONE) {
        state_push(world, state, first == second ? first : VALUE_NONE);
        return;
    }
    struct state *when = state_take(world);
    state_copy(world, when, state);
    state_assume(world, when, condition, true);
    bool can_be_first = !when->is_dead;
    const struct range a = state_range(world, when, first);
    state_copy(world, when, state);
    state_assume(world, when, condition, false);
    bool can_be_second = !when->is_dead;
    const struct range b = state_range(world, when, second);
    state_give(world, when);
    state_push(world, state,
               !can_be_second ? first
               : !can_be_first
                   ? second
                   : value_leaf(&world->values, range_join(&a, &b)));
}

/* Numbers that bounds of values may well settle at. */
static void note_threshold(struct walk *walk, uint32_t code, uint32_t a,
                           uint32_t b)
{
    struct memory_model *memory = walk->world.memory;
    const struct range x = state_range(&walk->world, walk->state, a);
    const struct range y = state_range(&walk->world, walk->state, b);
    bool is_bounding = range_is_comparison(code) || code == CODE_I32_REM_S ||
                       code == CODE_I32_REM_U || code == CODE_I32_AND;
    bool is_equation = code == CODE_I32_EQ || code == CODE_I32_NE;
    if (is_bounding && range_is_constant(&x)) {
        memory_threshold(memory, x.lo, is_equation);
    }
    if (is_bounding && range_is_constant(&y)) {
        memory_threshold(memory, y.lo, is_equation);
    }
}

/* An instruction that takes and gives values by the table of opcodes. */
static void walk_operation(struct walk *walk, const struct wasm_insn *insn)
{
    enum { I64_EQZ = 0x50, F64_GE = 0x66 };
    struct value_table *values = &walk->world.values;
    const char *type = insn->opcode->type;
    uint32_t operands[2] = {VALUE_NONE, VALUE_NONE};
    uint32_t count = 0;
    if (type == NULL || strchr(type, ':') == NULL ||
        strchr(type, ':') > type + 2) {
        fail(walk, "an instruction is not known here");
        return;
    }
    count = (uint32_t)(strchr(type, ':') - type);
    for (uint32_t i = count; i > 0; i--) {
        operands[i - 1] = state_pop(walk->state);
    }
    const char *result = type + count + 1;
    if (*result == '\0') {
        return;
    }
    uint32_t value = VALUE_NONE;
    if (*result == 'i') {
        bool is_followed = count > 0 && operands[0] != VALUE_NONE &&
                           (count == 1 || operands[1] != VALUE_NONE);
        if (!is_followed) {
            bool is_truth = insn->code >= I64_EQZ && insn->code <= F64_GE;
            value = value_leaf(values,
                               is_truth ? range_between(0, 1) : range_top());
        } else if (count == 1) {
            value = value_unary(values, insn->code, operands[0]);
        } else {
            note_threshold(walk, insn->code, operands[0], operands[1]);
            value = value_binary(values, insn->code, operands[0], operands[1]);
        }
    }
    state_push(&walk->world, walk->state, value);
}

static void walk_constant(struct walk *walk, const struct wasm_insn *insn)
{
    state_push(
        &walk->world, walk->state,
        insn->code == CODE_I32_CONST
            ? value_constant(&walk->world.values, (uint32_t)insn->constant)
            : VALUE_NONE);
}

static void walk_plain(struct walk *walk, const struct code_step *step)
{
    const struct wasm_insn *insn = &step->insn;
    const struct wasm_module *module = walk->code->module;
    struct state *state = walk->state;
    switch (insn->code) {
    case CODE_NOP:
    case CODE_DATA_DROP:
        break;
    case CODE_DROP:
    case CODE_GLOBAL_SET:
        (void)state_pop(state);
        break;
    case CODE_SELECT:
    case CODE_SELECT_TYPED:
        walk_select(walk, step);
        break;
    case CODE_LOCAL_GET:
        state_push(&walk->world, state,
                   state->slots[walk->frame + insn->index]);
        break;
    case CODE_LOCAL_SET:
        state->slots[walk->frame + insn->index] =
            state->slots[state->slot_count - 1];
        state->slot_count--;
        break;
    case CODE_LOCAL_TEE:
        state->slots[walk->frame + insn->index] =
            state->slots[state->slot_count - 1];
        break;
    case CODE_GLOBAL_GET:
        push_unknown(walk, (uint8_t)module->globals[insn->index].type);
        break;
    case CODE_MEMORY_SIZE:
        state_push(
            &walk->world, state,
            value_constant(&walk->world.values,
                           (uint32_t)module->memories[insn->index].limits.min));
        break;
    case CODE_I32_CONST:
    case CODE_I64_CONST:
    case CODE_F32_CONST:
    case CODE_F64_CONST:
        walk_constant(walk, insn);
        break;
    case CODE_MEMORY_FILL:
    case CODE_MEMORY_COPY:
    case CODE_MEMORY_INIT:
        walk_bulk(walk, step);
        break;
    default:
        if (code_is_load(insn->code)) {
            walk_load(walk, step);
        } else if (code_is_store(insn->code)) {
            walk_store(walk, step);
        } else {
            walk_operation(walk, insn);
        }
        break;
    }
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
        call(walk, step->insn.index);
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
        fail(walk, "calls and blocks are nested too deep");
        return;
    }
    walk->depth++;
    for (uint32_t at = first; at < end && !walk->state->is_dead; at++) {
        if (++walk->steps > MAX_STEPS ||
            walk->world.arena->used > MAX_ARENA_BYTES) {
            fail(walk, "the code takes too long to follow");
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
        push_unknown(walk, type->params[i]);
    }
    call(walk, function);
    const struct state *end = walk->state;
    for (uint32_t i = 0; !end->is_dead && i < end->cell_count; i++) {
        const struct range range =
            state_range(&walk->world, end, end->cells[i].value);
        memory_leave(walk->world.memory, end->cells[i].key, &range);
    }
    state_give(&walk->world, walk->state);
    return walk->failure == NULL;
}
