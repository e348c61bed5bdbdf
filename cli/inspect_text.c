/* SPDX-License-Identifier: MIT */
#include "inspection.h"

#include "inspect_ranges.h"

#include <inttypes.h>

static const char *signature(const struct wasm_module *module, uint32_t index,
                             struct arena *arena)
{
    const struct wasm_func_type *type = wasm_function_type(module, index);
    struct buf text;
    buf_init(&text, arena);
    buf_byte(&text, '(');
    for (uint32_t i = 0; i < type->param_count; i++) {
        buf_format(&text, "%s%s", i > 0 ? ", " : "",
                   wasm_type_name((enum wasm_type)type->params[i]));
    }
    buf_text(&text, ") -> (");
    for (uint32_t i = 0; i < type->result_count; i++) {
        buf_format(&text, "%s%s", i > 0 ? ", " : "",
                   wasm_type_name((enum wasm_type)type->results[i]));
    }
    buf_byte(&text, ')');
    return buf_string(&text);
}

static void print_channels(FILE *stream, const char *side,
                           const struct patch_channel *channels, uint32_t count)
{
    if (count == 0) {
        (void)fprintf(stream, "%-12s none\n", side);
    }
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(stream, "%-12s channel %" PRIu32 " at %" PRIu32 " (%s)\n",
                      side, channels[i].channel, channels[i].address,
                      patch_source_name(channels[i].source));
    }
}

static void print_patch(const struct inspection *inspection, FILE *stream,
                        struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    (void)fprintf(stream, "%-12s %s (%s)\n", "name", patch->name,
                  patch_source_name(patch->name_source));
    (void)fprintf(stream, "%-12s %s\n", "sha256", inspection->sha256);
    (void)fprintf(stream, "%-12s %s\n", "generation",
                  patch_generation_name(patch->generation));
    struct wasm_name driver = inspection_driver(inspection);
    if (driver.length > 0) {
        (void)fprintf(stream, "%-12s '%s'%s\n", "driven by",
                      wasm_name_print(driver, arena),
                      patch->is_driven_by_main ? ", once a frame" : "");
    } else {
        (void)fprintf(stream, "%-12s nothing\n", "driven by");
    }
    (void)fprintf(stream, "%-12s %" PRIu32 " frames (%s)\n", "block",
                  patch->block_frames, patch_source_name(patch->block_source));
    (void)fprintf(stream, "%-12s %" PRIu32 " Hz (%s)\n", "rate",
                  patch->sample_rate, patch_source_name(patch->rate_source));
    print_channels(stream, "output", patch->outputs, patch->output_count);
    print_channels(stream, "input", patch->inputs, patch->input_count);
}

static void print_memories(const struct wasm_module *module, FILE *stream,
                           struct arena *arena)
{
    for (uint32_t i = 0; i < module->memory_count; i++) {
        const struct wasm_memory *memory = &module->memories[i];
        (void)fprintf(stream, "%-12s %" PRIu32 ": %" PRIu64, "memory", i,
                      memory->limits.min);
        if (!memory->limits.has_max) {
            (void)fputs(" or more", stream);
        } else if (memory->limits.max != memory->limits.min) {
            (void)fprintf(stream, " to %" PRIu64, memory->limits.max);
        }
        (void)fprintf(stream, " page%s%s%s", memory->limits.min == 1 ? "" : "s",
                      memory->limits.is_shared ? ", shared" : "",
                      memory->limits.is_64 ? ", 64-bit" : "");
        if (memory->is_imported) {
            const struct wasm_import *import = &module->imports[memory->import];
            (void)fprintf(stream, ", import '%s' '%s'",
                          wasm_name_print(import->module, arena),
                          wasm_name_print(import->field, arena));
        }
        (void)fputc('\n', stream);
    }
}

static void print_imports_and_exports(const struct wasm_module *module,
                                      FILE *stream, struct arena *arena)
{
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        if (import->kind != WASM_MEMORY) {
            (void)fprintf(stream, "%-12s '%s' '%s': %s %s\n", "import",
                          wasm_name_print(import->module, arena),
                          wasm_name_print(import->field, arena),
                          inspection_kind_name(import->kind),
                          import->kind == WASM_FUNCTION
                              ? signature(module, import->index, arena)
                              : "");
        }
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        (void)fprintf(stream, "%-12s '%s': %s %" PRIu32 "%s%s\n", "export",
                      wasm_name_print(export->name, arena),
                      inspection_kind_name(export->kind), export->index,
                      export->kind == WASM_FUNCTION ? " " : "",
                      export->kind == WASM_FUNCTION
                          ? signature(module, export->index, arena)
                          : "");
    }
    (void)fprintf(stream, "%-12s %" PRIu32 "\n", "functions",
                  module->function_count);
}

static void print_data(const struct inspection *inspection, FILE *stream)
{
    for (uint32_t i = 0; i < inspection->module->data_count; i++) {
        const struct wasm_data *data = &inspection->module->data[i];
        (void)fprintf(stream, "%-12s %" PRIu32 ": %" PRIu32 " bytes", "data", i,
                      data->size);
        if (inspection->data_addresses[i] >= 0) {
            (void)fprintf(stream, " at %" PRId64,
                          inspection->data_addresses[i]);
        }
        (void)fprintf(stream, " of memory %" PRIu32 "%s\n", data->memory,
                      data->is_passive ? ", passive" : "");
    }
}

static void print_opcodes(const struct inspection *inspection, FILE *stream)
{
    for (uint32_t i = 0; i < inspection->outside_count; i++) {
        const struct inspection_opcode *entry = &inspection->outside[i];
        (void)fprintf(stream, "%-12s %s, %" PRIu32 " times%s\n", "not 8f4e",
                      entry->opcode->name, entry->count,
                      entry->opcode->support == OPCODE_UNSUPPORTED
                          ? ": not supported"
                          : "");
    }
    for (uint32_t i = 0; i < inspection->unsupported_count; i++) {
        const struct wasm_unsupported *entry = &inspection->unsupported[i];
        (void)fprintf(stream, "%-12s 0x%06zx: %s: %s\n", "unsupported",
                      entry->offset, entry->what, entry->why);
    }
}

void inspection_print_text(const struct inspection *inspection, FILE *stream,
                           struct arena *arena)
{
    print_patch(inspection, stream, arena);
    print_memories(inspection->module, stream, arena);
    print_imports_and_exports(inspection->module, stream, arena);
    print_data(inspection, stream);
    print_opcodes(inspection, stream);
    if (inspection->ranges != NULL) {
        inspect_ranges_text(inspection, stream, arena);
    }
    for (uint32_t i = 0; i < inspection->rewrite_count; i++) {
        (void)fprintf(stream, "%-12s %s\n", "rewrite", inspection->rewrites[i]);
    }
    for (uint32_t i = 0; i < inspection->patch.notice_count; i++) {
        (void)fprintf(stream, "%-12s %s\n", "notice",
                      inspection->patch.notices[i]);
    }
}
