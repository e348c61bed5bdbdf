/* SPDX-License-Identifier: MIT */
/* Instructions without blocks, of replay.h. */
#include "ranges/check/replay.h"

#include <string.h>

/* The join of both values, each refined by the condition under which it is
 * selected. */
static void replay_select(struct replay *replay, const struct body_op *op)
{
    struct replay_context *context = &replay->context;
    uint32_t condition = replay_state_pop(replay->state);
    uint32_t second = replay_state_pop(replay->state);
    uint32_t first = replay_state_pop(replay->state);
    uint32_t term = first;
    replay_check_value(replay, op, condition);
    if (first != second && first != TERM_NONE && second != TERM_NONE) {
        struct replay_state *taken = replay_state_clone(context, replay->state);
        struct replay_state *left = replay_state_clone(context, replay->state);
        replay_state_assume(context, taken, condition, true);
        replay_state_assume(context, left, condition, false);
        const struct interval a = replay_state_interval(context, taken, first);
        const struct interval b = replay_state_interval(context, left, second);
        term = left->is_unreachable ? first
               : taken->is_unreachable
                   ? second
                   : term_fresh(&context->terms, interval_join(&a, &b));
        replay_state_release(context, taken);
        replay_state_release(context, left);
    }
    replay_state_push(context, replay->state, term);
}

/* Operands and a result by the table of opcodes. */
static void replay_operation(struct replay *replay,
                             const struct wasm_insn *insn)
{
    enum { MAX_OPERANDS = 2, FIRST_TEST = 0x50, LAST_TEST = 0x66 };
    struct term_table *terms = &replay->context.terms;
    const char *type = insn->opcode->type;
    const char *colon = type == NULL ? NULL : strchr(type, ':');
    uint32_t operands[MAX_OPERANDS] = {TERM_NONE, TERM_NONE};
    uint32_t term = TERM_NONE;
    if (colon == NULL || colon - type > MAX_OPERANDS) {
        replay_fail(replay, insn->offset, "an instruction has no rule here");
        return;
    }
    uint32_t count = (uint32_t)(colon - type);
    for (uint32_t i = count; i-- > 0;) {
        operands[i] = replay_state_pop(replay->state);
    }
    if (colon[1] == '\0') {
        return;
    }
    if (colon[1] == 'i') {
        bool is_known = count > 0 && insn->code != CODE_MEMORY_GROW;
        for (uint32_t i = 0; i < count; i++) {
            is_known = is_known && operands[i] != TERM_NONE;
        }
        /* i64.eqz to f64.ge: operands are not followed, the result is 0 or
         * 1. */
        bool is_test = insn->code >= FIRST_TEST && insn->code <= LAST_TEST;
        term = is_known
                   ? term_apply(terms, insn->code, operands[0], operands[1])
                   : term_fresh(terms, is_test ? interval_between(0, 1)
                                               : interval_top());
    }
    replay_state_push(&replay->context, replay->state, term);
}

static void replay_local(struct replay *replay, const struct wasm_insn *insn)
{
    struct replay_state *state = replay->state;
    uint32_t slot = replay->frame + insn->index;
    if (insn->code == CODE_LOCAL_GET) {
        replay_state_push(&replay->context, state, state->slots[slot]);
        return;
    }
    state->slots[slot] = state->slots[state->slot_count - 1];
    state->slot_count -= insn->code == CODE_LOCAL_SET ? 1 : 0;
}

static void push_constant(struct replay *replay, bool is_followed,
                          uint64_t bits)
{
    replay_state_push(
        &replay->context, replay->state,
        is_followed ? term_constant(&replay->context.terms, (uint32_t)bits)
                    : TERM_NONE);
}

/* An instruction that is neither an access nor a constant. */
static void replay_other(struct replay *replay, const struct body_op *op)
{
    const struct wasm_insn *insn = &op->insn;
    const struct wasm_module *module = replay->bodies->module;
    switch (insn->code) {
    case CODE_NOP:
    case CODE_DATA_DROP:
        break;
    case CODE_DROP:
    case CODE_GLOBAL_SET:
        (void)replay_state_pop(replay->state);
        break;
    case CODE_SELECT:
    case CODE_SELECT_TYPED:
        replay_select(replay, op);
        break;
    case CODE_LOCAL_GET:
    case CODE_LOCAL_SET:
    case CODE_LOCAL_TEE:
        replay_local(replay, insn);
        break;
    case CODE_GLOBAL_GET:
        replay_push_unknown(replay, (uint8_t)module->globals[insn->index].type);
        break;
    case CODE_MEMORY_SIZE: /* no memory grows */
        push_constant(replay, true, module->memories[insn->index].limits.min);
        break;
    default:
        if (body_is_division(insn->code)) {
            const struct replay_state *state = replay->state;
            replay_check_value(replay, op, state->slots[state->slot_count - 1]);
        }
        replay_operation(replay, insn);
        break;
    }
}

void replay_plain(struct replay *replay, const struct body_op *op)
{
    uint32_t code = op->insn.code;
    uint64_t bits = 0;
    if (body_is_load(code)) {
        replay_load(replay, op);
    } else if (body_is_store(code)) {
        replay_store(replay, op);
    } else if (code == CODE_MEMORY_FILL || code == CODE_MEMORY_COPY ||
               code == CODE_MEMORY_INIT) {
        replay_bulk(replay, op);
    } else if (body_constant(&op->insn, &bits)) {
        push_constant(replay, code == CODE_I32_CONST, bits);
    } else {
        replay_other(replay, op);
    }
}
