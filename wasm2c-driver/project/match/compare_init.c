/* SPDX-License-Identifier: MIT */
#include "project/match/compare_init.h"

/* memory.fill from 0 with 0, once for a memory. */
static bool read_fill(struct compare_init *init, const struct wasm_insn *insn,
                      const uint32_t operands[3])
{
    uint32_t memory = insn->index;
    if (operands[0] != 0 || operands[1] != 0 ||
        memory >= PROJECT_MAX_MEMORIES || init->cleared[memory] != 0 ||
        init->segment_count > 0) {
        return false;
    }
    init->cleared[memory] = operands[2];
    return true;
}

/* memory.init of a whole segment, in the order of the data section. */
static bool read_copy(struct compare_init *init,
                      const struct wasm_module *module,
                      const struct wasm_insn *insn, const uint32_t operands[3])
{
    if (insn->index != init->segment_count ||
        insn->index >= module->data_count || operands[1] != 0) {
        return false;
    }
    const struct wasm_data *data = &module->data[insn->index];
    init->segments[init->segment_count++] = (struct project_segment){
        .memory = insn->index2,
        .address = operands[0],
        .bytes = data->bytes,
        .size = data->size,
    };
    return data->is_passive && operands[2] == data->size;
}

bool compare_init_read(struct compare_init *init,
                       const struct wasm_module *module, uint32_t index,
                       struct arena *arena)
{
    *init =
        (struct compare_init){.segments = arena_alloc(arena, module->data_count,
                                                      sizeof(*init->segments))};
    if (index < module->imported_function_count ||
        index >= module->function_count) {
        return false;
    }
    const struct wasm_function *function = &module->functions[index];
    struct diag diag;
    diag_init(&diag, NULL);
    uint32_t operands[3];
    size_t count = 0;
    for (size_t at = function->code_offset; at < function->end_offset;) {
        struct wasm_insn insn;
        if (!wasm_insn_read(module, &at, function->end_offset, &insn, &diag)) {
            return false;
        }
        if (insn.code == CODE_I32_CONST && count < 3) {
            operands[count++] = (uint32_t)insn.constant;
            continue;
        }
        if (insn.code == CODE_END && count == 0) {
            return at == function->end_offset &&
                   init->segment_count == module->data_count;
        }
        bool is_known =
            count == 3 && (insn.code == CODE_MEMORY_FILL
                               ? read_fill(init, &insn, operands)
                               : insn.code == CODE_MEMORY_INIT &&
                                     read_copy(init, module, &insn, operands));
        if (!is_known) {
            return false;
        }
        count = 0;
    }
    return false;
}
