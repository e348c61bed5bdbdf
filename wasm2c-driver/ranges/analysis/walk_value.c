/* SPDX-License-Identifier: MIT */
/* Instructions without blocks, of walk.h. */
#include "ranges/analysis/walk.h"

#include <string.h>

/* A select whose condition is not known: the join of both values, each refined
 * by the condition under which it is selected. */
static void walk_select(struct walk *walk, const struct body_op *op)
{
    struct state_context *context = &walk->context;
    struct state *state = walk->state;
    uint32_t condition = state_pop(state);
    uint32_t second = state_pop(state);
    uint32_t first = state_pop(state);
    walk_record_value(walk, op, condition);
    if (first == second || first == VALUE_NONE || second == VALUE_NONE) {
        state_push(context, state, first == second ? first : VALUE_NONE);
        return;
    }
    struct state *when = state_acquire(context);
    walk_spend_copy(walk);
    state_copy(context, when, state);
    state_assume(context, when, condition, true);
    bool can_be_first = !when->is_unreachable;
    const struct range a = state_range(context, when, first);
    state_copy(context, when, state);
    state_assume(context, when, condition, false);
    bool can_be_second = !when->is_unreachable;
    const struct range b = state_range(context, when, second);
    state_release(context, when);
    state_push(context, state,
               !can_be_second ? first
               : !can_be_first
                   ? second
                   : value_fresh(&context->values, range_join(&a, &b)));
}

/* Add a threshold: a number that 'other' is compared with, of all values and of
 * the word that it was read from. */
static void add_threshold(struct walk *walk, uint32_t number, uint32_t other,
                          bool is_equality)
{
    uint32_t offset = 0;
    uint64_t key = value_origin(&walk->context.values, other, &offset);
    memory_add_threshold(walk->context.memory, (int32_t)number, is_equality);
    if (key != VALUE_NO_KEY) {
        memory_add_word_threshold(walk->context.memory, key,
                                  (int32_t)(number - offset));
    }
}

static void add_thresholds(struct walk *walk, uint32_t code, uint32_t a,
                           uint32_t b)
{
    const struct range x = state_range(&walk->context, walk->state, a);
    const struct range y = state_range(&walk->context, walk->state, b);
    bool is_bounding = range_is_comparison(code) || code == CODE_I32_REM_S ||
                       code == CODE_I32_REM_U || code == CODE_I32_AND;
    bool is_equality = code == CODE_I32_EQ || code == CODE_I32_NE;
    if (is_bounding && range_is_constant(&x)) {
        add_threshold(walk, (uint32_t)x.lo, b, is_equality);
    }
    if (is_bounding && range_is_constant(&y)) {
        add_threshold(walk, (uint32_t)y.lo, a, is_equality);
    }
}

/* An instruction with operands and a result by the table of opcodes. */
static void walk_operation(struct walk *walk, const struct wasm_insn *insn)
{
    enum { I64_EQZ = 0x50, F64_GE = 0x66 };
    struct value_table *values = &walk->context.values;
    const char *type = insn->opcode->type;
    uint32_t operands[2] = {VALUE_NONE, VALUE_NONE};
    uint32_t count = 0;
    if (type == NULL || strchr(type, ':') == NULL ||
        strchr(type, ':') > type + 2) {
        walk_fail(walk, "an instruction is not known here");
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
            value = value_fresh(values,
                                is_truth ? range_between(0, 1) : range_top());
        } else if (count == 1) {
            value = value_unary(values, insn->code, operands[0]);
        } else {
            add_thresholds(walk, insn->code, operands[0], operands[1]);
            value = value_binary(values, insn->code, operands[0], operands[1]);
        }
    }
    state_push(&walk->context, walk->state, value);
}

static void walk_constant(struct walk *walk, const struct wasm_insn *insn)
{
    state_push(
        &walk->context, walk->state,
        insn->code == CODE_I32_CONST
            ? value_constant(&walk->context.values, (uint32_t)insn->constant)
            : VALUE_NONE);
}

void walk_plain(struct walk *walk, const struct body_op *op)
{
    const struct wasm_insn *insn = &op->insn;
    const struct wasm_module *module = walk->bodies->module;
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
        walk_select(walk, op);
        break;
    case CODE_LOCAL_GET:
        state_push(&walk->context, state,
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
        walk_push_unknown(walk, (uint8_t)module->globals[insn->index].type);
        break;
    case CODE_MEMORY_SIZE:
        state_push(
            &walk->context, state,
            value_constant(&walk->context.values,
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
        walk_bulk(walk, op);
        break;
    default:
        if (body_is_load(insn->code)) {
            walk_load(walk, op);
        } else if (body_is_store(insn->code)) {
            walk_store(walk, op);
        } else {
            if (body_is_division(insn->code)) {
                walk_record_value(walk, op,
                                  state->slots[state->slot_count - 1]);
            }
            walk_operation(walk, insn);
        }
        break;
    }
}
