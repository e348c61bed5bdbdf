/* SPDX-License-Identifier: MIT */
#include "inspect/inspect.h"

#include "base/file.h"
#include "inspect/inspect_internal.h"
#include "ranges/ranges.h"
#include "tables/copies.h"
#include "translate/normalise.h"

static void count_opcode(struct inspection *inspection,
                         const struct opcode *opcode)
{
    for (uint32_t i = 0; i < inspection->outside_count; i++) {
        if (inspection->outside[i].opcode == opcode) {
            inspection->outside[i].count++;
            return;
        }
    }
    inspection->outside[inspection->outside_count++] =
        (struct inspection_opcode){opcode, 1};
}

static void gather_opcodes(struct inspection *inspection, struct arena *arena)
{
    const struct wasm_module *module = inspection->module;
    unsigned known = 0;
    (void)opcode_table(&known);
    inspection->outside =
        arena_alloc(arena, known, sizeof(*inspection->outside));
    struct diag diag;
    diag_init(&diag, NULL);
    for (uint32_t i = 0; i < module->function_count; i++) {
        const struct wasm_function *body = &module->functions[i];
        if (body->is_imported) {
            continue;
        }
        struct wasm_insn insn;
        for (size_t at = body->code_offset;
             at < body->end_offset &&
             wasm_insn_read(module, &at, body->end_offset, &insn, &diag);) {
            if (insn.opcode->support != OPCODE_8F4E) {
                count_opcode(inspection, insn.opcode);
            }
        }
    }
}

/* The init function copies segments by `i32.const address, i32.const 0,
 * i32.const size, memory.init`. */
static void gather_passive(struct inspection *inspection)
{
    enum { CONSTANT = 0x41, MEMORY_INIT = 0xfc0008 };
    const struct wasm_module *module = inspection->module;
    if (inspection->patch.init_function == UINT32_MAX) {
        return;
    }
    const struct wasm_function *body =
        &module->functions[inspection->patch.init_function];
    uint64_t constants[3] = {0};
    unsigned count = 0;
    struct diag diag;
    diag_init(&diag, NULL);
    struct wasm_insn insn;
    for (size_t at = body->code_offset;
         !body->is_imported && at < body->end_offset &&
         wasm_insn_read(module, &at, body->end_offset, &insn, &diag);) {
        if (insn.code == CONSTANT) {
            constants[0] = constants[1];
            constants[1] = constants[2];
            constants[2] = insn.constant;
            count++;
            continue;
        }
        if (insn.code == MEMORY_INIT && count >= 3 && constants[1] == 0) {
            inspection->data_addresses[insn.index] = (int64_t)constants[0];
        }
        count = 0;
    }
}

static void gather_data(struct inspection *inspection, struct arena *arena)
{
    const struct wasm_module *module = inspection->module;
    struct diag diag;
    diag_init(&diag, NULL);
    inspection->data_addresses = arena_alloc(
        arena, module->data_count, sizeof(*inspection->data_addresses));
    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data *data = &module->data[i];
        struct wasm_insn insn;
        size_t at = data->expression_offset;
        bool is_constant =
            !data->is_passive &&
            wasm_insn_read(module, &at, data->expression_end, &insn, &diag) &&
            insn.opcode->immediate == IMMEDIATE_I32;
        inspection->data_addresses[i] =
            is_constant ? (int64_t)insn.constant : -1;
    }
    gather_passive(inspection);
}

bool inspect_module(const struct wasm_module *module, const char *default_name,
                    const struct describe_flags *flags, bool is_json,
                    FILE *stream, struct arena *arena, struct diag *diag)
{
    struct inspection *inspection = arena_alloc(arena, 1, sizeof(*inspection));
    inspection->module = module;
    inspection->unsupported_count =
        wasm_unsupported(module, &inspection->unsupported, arena);
    inspection->survey.can_run = inspection->unsupported_count == 0;
    if (inspection->survey.can_run && !wasm_validate(module, arena, diag)) {
        return false;
    }
    if (!patch_survey(&inspection->patch, &inspection->survey, module,
                      default_name, flags, arena, diag)) {
        return false;
    }
    if (inspection->survey.can_run) {
        inspection->rewrite_count =
            normalise_plan(module, &inspection->rewrites, arena);
    }
    gather_opcodes(inspection, arena);
    gather_data(inspection, arena);
    if (flags->explains_ranges && inspection->survey.can_run) {
        struct ranges *ranges = arena_alloc(arena, 1, sizeof(*ranges));
        struct wasm_module *copied = arena_alloc(arena, 1, sizeof(*copied));
        copies_make(copied, inspection->patch.module, arena);
        inspection->patch.module = copied;
        ranges_find(ranges, &inspection->patch, false, arena);
        inspection->ranges = ranges;
    }
    if (is_json) {
        inspect_print_json(inspection, stream, arena);
    } else {
        inspect_print_text(inspection, stream, arena);
    }
    return file_flush(stream, "what inspect found", diag);
}
