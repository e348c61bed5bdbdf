/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_internal.h"

#include "inspect/inspect_ranges.h"
#include "metadata/manifest_json.h"

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

/* "project patch.8f4e:12", or "module". */
static const char *origin(enum patch_source source, const char *where,
                          struct arena *arena)
{
    return where == NULL
               ? patch_source_name(source)
               : arena_format(arena, "%s %s", patch_source_name(source), where);
}

static void print_channels(FILE *stream, const char *side,
                           const struct patch_channel *channels, uint32_t count,
                           struct arena *arena)
{
    if (count == 0) {
        (void)fprintf(stream, "%-12s none\n", side);
    }
    for (uint32_t i = 0; i < count; i++) {
        (void)fprintf(stream, "%-12s channel %" PRIu32, side,
                      channels[i].channel);
        if (channels[i].address == PATCH_UNCONNECTED) {
            (void)fputs(" not connected", stream);
        } else {
            (void)fprintf(stream, " at %" PRIu32, channels[i].address);
        }
        (void)fprintf(stream, " (%s)\n",
                      origin(channels[i].source, channels[i].where, arena));
    }
}

static void print_driver(const struct patch *patch, FILE *stream,
                         struct arena *arena)
{
    struct wasm_name driver = manifest_driver(patch);
    bool is_timer = patch->runtime == RUNTIME_TIMER;
    if (driver.length == 0) {
        (void)fprintf(stream, "%-12s nothing\n", "driven by");
        return;
    }
    (void)fprintf(stream, "%-12s '%s'", "driven by",
                  wasm_name_print(driver, arena));
    if (is_timer) {
        (void)fprintf(
            stream, ", every %" PRIu32 " ms (%s)", patch->tick_ms,
            origin(patch->runtime_source, patch->runtime_where, arena));
    } else if (patch->is_driven_by_main) {
        (void)fputs(", once a frame", stream);
    }
    (void)fputc('\n', stream);
}

static void print_patch(const struct inspection *inspection, FILE *stream,
                        struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    (void)fprintf(stream, "%-12s %s (%s)\n", "name", patch->name,
                  origin(patch->name_source, patch->name_where, arena));
    (void)fprintf(stream, "%-12s %s\n", "sha256", inspection->patch.sha256);
    (void)fprintf(stream, "%-12s %s\n", "generation",
                  patch_generation_name(patch->generation));
    print_driver(patch, stream, arena);
    if (patch->runtime == RUNTIME_TIMER) {
        return;
    }
    (void)fprintf(stream, "%-12s %" PRIu32 " frames (%s)\n", "block",
                  patch->block_frames,
                  origin(patch->block_source, patch->block_where, arena));
    (void)fprintf(stream, "%-12s %" PRIu32 " Hz (%s)\n", "rate",
                  patch->sample_rate,
                  origin(patch->rate_source, patch->rate_where, arena));
    print_channels(stream, "output", patch->outputs, patch->output_count,
                   arena);
    print_channels(stream, "input", patch->inputs, patch->input_count, arena);
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
                          wasm_kind_name(import->kind),
                          import->kind == WASM_FUNCTION
                              ? signature(module, import->index, arena)
                              : "");
        }
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        (void)fprintf(stream, "%-12s '%s': %s %" PRIu32 "%s%s\n", "export",
                      wasm_name_print(export->name, arena),
                      wasm_kind_name(export->kind), export->index,
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

void inspect_print_text(const struct inspection *inspection, FILE *stream,
                        struct arena *arena)
{
    print_patch(inspection, stream, arena);
    inspect_print_names(inspection, stream, arena);
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
