/* SPDX-License-Identifier: MIT */
#include "inspect/inspect_internal.h"

#include "inspect/inspect_ranges.h"
#include "metadata/json_text.h"
#include "metadata/manifest_json.h"

static void add_candidates(cJSON *root, const char *key,
                           const struct access_pattern_buffer *buffers,
                           uint32_t count)
{
    cJSON *list = cJSON_AddArrayToObject(root, key);
    for (uint32_t i = 0; i < count && i < PROBE_MAX_BUFFERS; i++) {
        (void)cJSON_AddItemToArray(list,
                                   cJSON_CreateNumber(buffers[i].address));
    }
}

static void add_types(cJSON *object, const char *key, const uint8_t *types,
                      uint32_t count)
{
    cJSON *list = cJSON_AddArrayToObject(object, key);
    for (uint32_t i = 0; i < count; i++) {
        (void)cJSON_AddItemToArray(
            list, cJSON_CreateString(wasm_type_name((enum wasm_type)types[i])));
    }
}

static void add_signature(cJSON *object, const struct wasm_module *module,
                          enum wasm_kind kind, uint32_t index)
{
    if (kind == WASM_FUNCTION) {
        const struct wasm_func_type *type = wasm_function_type(module, index);
        add_types(object, "params", type->params, type->param_count);
        add_types(object, "results", type->results, type->result_count);
    }
}

static void add_memories(cJSON *root, const struct wasm_module *module,
                         struct arena *arena)
{
    cJSON *list = cJSON_AddArrayToObject(root, "memories");
    for (uint32_t i = 0; i < module->memory_count; i++) {
        const struct wasm_memory *memory = &module->memories[i];
        cJSON *item = json_add_object(list);
        json_add_number(item, "index", i);
        if (memory->is_imported) {
            const struct wasm_import *import = &module->imports[memory->import];
            json_add_name(item, "module", import->module, arena);
            json_add_name(item, "field", import->field, arena);
        }
        json_add_number(item, "pages", memory->limits.min);
        json_add_known(item, "maxPages", memory->limits.max,
                       memory->limits.has_max);
        (void)cJSON_AddBoolToObject(item, "shared", memory->limits.is_shared);
    }
}

static void add_imports_and_exports(cJSON *root,
                                    const struct wasm_module *module,
                                    struct arena *arena)
{
    cJSON *list = cJSON_AddArrayToObject(root, "imports");
    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import *import = &module->imports[i];
        cJSON *item = json_add_object(list);
        json_add_name(item, "module", import->module, arena);
        json_add_name(item, "field", import->field, arena);
        json_add_text(item, "kind", wasm_kind_name(import->kind), arena);
        json_add_number(item, "index", import->index);
        add_signature(item, module, import->kind, import->index);
    }
    list = cJSON_AddArrayToObject(root, "exports");
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        cJSON *item = json_add_object(list);
        json_add_name(item, "name", export->name, arena);
        json_add_text(item, "kind", wasm_kind_name(export->kind), arena);
        json_add_number(item, "index", export->index);
        add_signature(item, module, export->kind, export->index);
    }
}

static void add_data(cJSON *root, const struct inspection *inspection)
{
    const struct wasm_module *module = inspection->module;
    cJSON *list = cJSON_AddArrayToObject(root, "data");
    for (uint32_t i = 0; i < module->data_count; i++) {
        int64_t address = inspection->data_addresses[i];
        cJSON *item = json_add_object(list);
        json_add_number(item, "memory", module->data[i].memory);
        json_add_known(item, "address", (uint64_t)address, address >= 0);
        json_add_number(item, "size", module->data[i].size);
        (void)cJSON_AddBoolToObject(item, "passive",
                                    module->data[i].is_passive);
    }
}

static void add_opcodes(cJSON *root, const struct inspection *inspection,
                        struct arena *arena)
{
    cJSON *list = cJSON_AddArrayToObject(root, "unsupported");
    for (uint32_t i = 0; i < inspection->unsupported_count; i++) {
        const struct wasm_unsupported *entry = &inspection->unsupported[i];
        cJSON *item = json_add_object(list);
        json_add_text(item, "what", entry->what, arena);
        json_add_text(item, "why", entry->why, arena);
        json_add_known(item, "function", entry->function,
                       entry->function != UINT32_MAX);
        json_add_number(item, "offset", entry->offset);
        json_add_number(item, "count", entry->count);
    }
    list = cJSON_AddArrayToObject(root, "outsideSubset");
    for (uint32_t i = 0; i < inspection->outside_count; i++) {
        const struct inspection_opcode *entry = &inspection->outside[i];
        cJSON *item = json_add_object(list);
        json_add_text(item, "opcode", entry->opcode->name, arena);
        json_add_number(item, "count", entry->count);
        (void)cJSON_AddBoolToObject(
            item, "supported", entry->opcode->support != OPCODE_UNSUPPORTED);
    }
}

static void add_strings(cJSON *root, const char *key, const char *const *list,
                        uint32_t count, struct arena *arena)
{
    cJSON *array = cJSON_AddArrayToObject(root, key);
    for (uint32_t i = 0; i < count; i++) {
        (void)cJSON_AddItemToArray(
            array, json_text((const uint8_t *)list[i], strlen(list[i]), arena));
    }
}

static void add_patch(cJSON *root, const struct inspection *inspection,
                      struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    manifest_add(root, patch, true, arena);
    json_add_number(root, "midiOutPorts", patch->midi_out_ports);
    json_add_number(root, "size", inspection->module->size);
    json_add_text(root, "generation", patch_generation_name(patch->generation),
                  arena);
    if (inspection->survey.has_probe) {
        const struct probe_result *probe = &inspection->survey.probe;
        add_candidates(root, "outputCandidates", probe->outputs,
                       probe->output_count);
        add_candidates(root, "inputCandidates", probe->inputs,
                       probe->input_count);
    }
}

void inspect_print_json(const struct inspection *inspection, FILE *stream,
                        struct arena *arena)
{
    cJSON *root = cJSON_CreateObject();
    add_patch(root, inspection, arena);
    add_memories(root, inspection->module, arena);
    add_imports_and_exports(root, inspection->module, arena);
    json_add_number(root, "functions", inspection->module->function_count);
    (void)cJSON_AddBoolToObject(root, "recursive",
                                inspection->patch.is_recursive);
    add_data(root, inspection);
    add_opcodes(root, inspection, arena);
    if (inspection->ranges != NULL) {
        inspect_ranges_json(inspection, root, arena);
    }
    add_strings(root, "rewrites", inspection->rewrites,
                inspection->rewrite_count, arena);
    add_strings(root, "notices", inspection->patch.notices,
                inspection->patch.notice_count, arena);
    char *text = cJSON_Print(root);
    if (text != NULL) {
        (void)fprintf(stream, "%s\n", text);
    }
    cJSON_free(text);
    cJSON_Delete(root);
}
