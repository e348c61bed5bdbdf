/* SPDX-License-Identifier: MIT */
#include "wasm/body.h"

bool code_is_load(uint32_t opcode)
{
    return opcode >= CODE_I32_LOAD && opcode <= CODE_I64_LOAD32_U;
}

bool code_is_store(uint32_t opcode)
{
    return opcode >= CODE_I32_STORE && opcode <= CODE_I64_STORE32;
}

enum wasm_type code_value_type(const struct wasm_insn *insn)
{
    return wasm_letter_type(
        insn->opcode->type[code_is_store(insn->code) ? 1 : 2]);
}

uint32_t code_access_bytes(uint32_t opcode)
{
    const struct opcode *found = opcode_find(opcode);
    return found == NULL ? 0 : UINT32_C(1) << found->natural_alignment;
}

static uint32_t count_steps(const struct wasm_module *module,
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

/* Tell block openers where their block ends. 'open' has room for all steps. */
static void match_ends(struct code_function *function, uint32_t *open)
{
    uint32_t depth = 0;
    for (uint32_t i = 0; i < function->step_count; i++) {
        struct code_step *steps = function->steps;
        switch (steps[i].insn.code) {
        case CODE_BLOCK:
        case CODE_LOOP:
        case CODE_IF:
            open[depth++] = i;
            break;
        case CODE_ELSE:
            steps[open[depth - 1]].other_else = i;
            break;
        case CODE_END:
            if (depth > 0) {
                struct code_step *opener = &steps[open[--depth]];
                opener->other_end = i;
                if (opener->other_else == 0) {
                    opener->other_else = i;
                } else {
                    steps[opener->other_else].other_end = i;
                }
            }
            break;
        default:
            break;
        }
    }
}

static bool has_facts(uint32_t opcode)
{
    return code_is_load(opcode) || code_is_store(opcode) || opcode == CODE_IF ||
           opcode == CODE_BR_IF || opcode == CODE_SELECT ||
           opcode == CODE_SELECT_TYPED;
}

static void decode_function(struct code *code, uint32_t index,
                            struct arena *arena)
{
    const struct wasm_module *module = code->module;
    const struct wasm_function *body = &module->functions[index];
    struct code_function *function = &code->functions[index];
    struct diag diag;
    size_t at = body->code_offset;
    diag_init(&diag, NULL);
    function->step_count = count_steps(module, body);
    function->steps =
        arena_alloc(arena, function->step_count, sizeof(*function->steps));
    for (uint32_t i = 0; i < function->step_count; i++) {
        struct code_step *step = &function->steps[i];
        if (!wasm_insn_read(module, &at, body->end_offset, &step->insn,
                            &diag)) {
            function->step_count = i;
            break;
        }
        step->site =
            has_facts(step->insn.code) ? code->site_count++ : CODE_NO_SITE;
    }
    match_ends(function, arena_alloc(arena, function->step_count + (size_t)1,
                                     sizeof(uint32_t)));
}

void code_decode(struct code *code, const struct wasm_module *module,
                 struct arena *arena)
{
    *code = (struct code){.module = module};
    code->functions =
        arena_alloc(arena, module->function_count, sizeof(*code->functions));
    for (uint32_t i = module->imported_function_count;
         i < module->function_count; i++) {
        decode_function(code, i, arena);
    }
}
