/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay.h"

#include <string.h>

/* Either of two, each as far as it can be when the condition takes it. */
static void select_one(struct replay *replay, const struct code_step *step)
{
    struct moments *moments = &replay->moments;
    uint32_t condition = moment_pop(replay->now);
    uint32_t second = moment_pop(replay->now);
    uint32_t first = moment_pop(replay->now);
    uint32_t term = first;
    replay_check_value(replay, step, condition);
    if (first != second && first != TERM_NONE && second != TERM_NONE) {
        struct moment *taken = moment_copy(moments, replay->now);
        struct moment *left = moment_copy(moments, replay->now);
        moment_branch(moments, taken, condition, true);
        moment_branch(moments, left, condition, false);
        const struct interval a = moment_look(moments, taken, first);
        const struct interval b = moment_look(moments, left, second);
        term = left->is_never ? first
               : taken->is_never
                   ? second
                   : term_unknown(&moments->terms, interval_hull(&a, &b));
        moment_give(moments, taken);
        moment_give(moments, left);
    }
    moment_push(moments, replay->now, term);
}

/* Operands and results by the table of opcodes. */
static void operate(struct replay *replay, const struct wasm_insn *insn)
{
    enum { MAX_OPERANDS = 2, FIRST_TEST = 0x50, LAST_TEST = 0x66 };
    struct terms *terms = &replay->moments.terms;
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
        operands[i] = moment_pop(replay->now);
    }
    if (colon[1] == '\0') {
        return;
    }
    if (colon[1] == 'i') {
        bool is_known = count > 0 && insn->code != CODE_MEMORY_GROW;
        for (uint32_t i = 0; i < count; i++) {
            is_known = is_known && operands[i] != TERM_NONE;
        }
        /* i64.eqz to f64.ge are true or false of what is not followed. */
        bool is_test = insn->code >= FIRST_TEST && insn->code <= LAST_TEST;
        term = is_known
                   ? term_apply(terms, insn->code, operands[0], operands[1])
                   : term_unknown(terms, is_test ? interval_span(0, 1)
                                                 : interval_any());
    }
    moment_push(&replay->moments, replay->now, term);
}

static void use_local(struct replay *replay, const struct wasm_insn *insn)
{
    struct moment *now = replay->now;
    uint32_t slot = replay->frame + insn->index;
    if (insn->code == CODE_LOCAL_GET) {
        moment_push(&replay->moments, now, now->stack[slot]);
        return;
    }
    now->stack[slot] = now->stack[now->height - 1];
    now->height -= insn->code == CODE_LOCAL_SET ? 1 : 0;
}

void replay_plain(struct replay *replay, const struct code_step *step)
{
    const struct wasm_insn *insn = &step->insn;
    const struct wasm_module *module = replay->code->module;
    struct moments *moments = &replay->moments;
    switch (insn->code) {
    case CODE_NOP:
    case CODE_DATA_DROP:
        break;
    case CODE_DROP:
    case CODE_GLOBAL_SET:
        (void)moment_pop(replay->now);
        break;
    case CODE_SELECT:
    case CODE_SELECT_TYPED:
        select_one(replay, step);
        break;
    case CODE_LOCAL_GET:
    case CODE_LOCAL_SET:
    case CODE_LOCAL_TEE:
        use_local(replay, insn);
        break;
    case CODE_GLOBAL_GET:
        replay_push_unknown(replay, (uint8_t)module->globals[insn->index].type);
        break;
    case CODE_MEMORY_SIZE: /* no memory grows */
        moment_push(
            moments, replay->now,
            term_constant(&moments->terms,
                          (uint32_t)module->memories[insn->index].limits.min));
        break;
    case CODE_I32_CONST:
        moment_push(moments, replay->now,
                    term_constant(&moments->terms, (uint32_t)insn->constant));
        break;
    case CODE_I64_CONST:
    case CODE_F32_CONST:
    case CODE_F64_CONST:
        moment_push(moments, replay->now, TERM_NONE);
        break;
    case CODE_MEMORY_FILL:
    case CODE_MEMORY_COPY:
    case CODE_MEMORY_INIT:
        replay_bulk(replay, step);
        break;
    default:
        if (code_is_load(insn->code)) {
            replay_load(replay, step);
        } else if (code_is_store(insn->code)) {
            replay_store(replay, step);
        } else {
            operate(replay, insn);
        }
        break;
    }
}
