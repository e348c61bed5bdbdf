/* SPDX-License-Identifier: MIT */
#include "wasm/body.h"

bool body_is_load(uint32_t opcode)
{
    return opcode >= CODE_I32_LOAD && opcode <= CODE_I64_LOAD32_U;
}

bool body_is_store(uint32_t opcode)
{
    return opcode >= CODE_I32_STORE && opcode <= CODE_I64_STORE32;
}

enum wasm_type body_value_type(const struct wasm_insn *insn)
{
    return wasm_letter_type(
        insn->opcode->type[body_is_store(insn->code) ? 1 : 2]);
}

uint32_t body_access_bytes(uint32_t opcode)
{
    const struct opcode *found = opcode_find(opcode);
    return found == NULL ? 0 : UINT32_C(1) << found->natural_alignment;
}

bool body_constant(const struct wasm_insn *insn, uint64_t *bits)
{
    *bits = insn->code == CODE_I32_CONST ? (uint32_t)insn->constant
                                         : insn->constant;
    return insn->code == CODE_I32_CONST || insn->code == CODE_I64_CONST ||
           insn->code == CODE_F32_CONST || insn->code == CODE_F64_CONST;
}

static uint32_t count_ops(const struct wasm_module *module,
                          const struct wasm_function *function)
{
    struct diag diag;
    struct wasm_insn insn;
    uint32_t count = 0;
    diag_init(&diag, NULL);
    for (size_t at = function->code_offset; at < function->end_offset;) {
        if (!wasm_insn_read(module, &at, function->end_offset, &insn, &diag)) {
            break;
        }
        count++;
    }
    return count;
}

/* Resolve `else` and `end` of all blocks. 'open' has room for all ops. */
static void match_blocks(struct wasm_body *body, uint32_t *open)
{
    struct body_op *ops = body->ops;
    uint32_t depth = 0;
    for (uint32_t i = 0; i < body->op_count; i++) {
        switch (ops[i].insn.code) {
        case CODE_BLOCK:
        case CODE_LOOP:
        case CODE_IF:
            open[depth++] = i;
            break;
        case CODE_ELSE:
            ops[open[depth - 1]].else_index = i;
            break;
        case CODE_END:
            if (depth > 0) {
                struct body_op *opener = &ops[open[--depth]];
                opener->end_index = i;
                if (opener->else_index == 0) {
                    opener->else_index = i;
                } else {
                    ops[opener->else_index].end_index = i;
                }
            }
            break;
        default:
            break;
        }
    }
}

bool body_is_division(uint32_t opcode)
{
    return opcode >= CODE_I32_DIV_S && opcode <= CODE_I32_REM_U;
}

static bool is_site(uint32_t opcode)
{
    return body_is_load(opcode) || body_is_store(opcode) ||
           body_is_division(opcode) || opcode == CODE_IF ||
           opcode == CODE_BR_IF || opcode == CODE_SELECT ||
           opcode == CODE_SELECT_TYPED;
}

static void decode_body(struct wasm_bodies *bodies, uint32_t index,
                        struct arena *arena)
{
    const struct wasm_module *module = bodies->module;
    const struct wasm_function *function = &module->functions[index];
    struct wasm_body *body = &bodies->functions[index];
    struct diag diag;
    size_t at = function->code_offset;
    diag_init(&diag, NULL);
    body->op_count = count_ops(module, function);
    body->ops = arena_alloc(arena, body->op_count, sizeof(*body->ops));
    for (uint32_t i = 0; i < body->op_count; i++) {
        struct body_op *op = &body->ops[i];
        if (!wasm_insn_read(module, &at, function->end_offset, &op->insn,
                            &diag)) {
            body->op_count = i;
            break;
        }
        op->site = is_site(op->insn.code) ? bodies->site_count++ : BODY_NO_SITE;
    }
    bodies->op_count += body->op_count;
    match_blocks(
        body, arena_alloc(arena, body->op_count + (size_t)1, sizeof(uint32_t)));
}

void body_decode_all(struct wasm_bodies *bodies,
                     const struct wasm_module *module, struct arena *arena)
{
    *bodies = (struct wasm_bodies){.module = module};
    bodies->functions =
        arena_alloc(arena, module->function_count, sizeof(*bodies->functions));
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        decode_body(bodies, i, arena);
    }
}
