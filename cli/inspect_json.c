/* SPDX-License-Identifier: MIT */
#include "inspection.h"

#include "inspect_ranges.h"

#include "reader.h"

#include <cjson/cJSON.h>

/* Bytes of the well-formed UTF-8 character at 'bytes'; 0: not one. */
static size_t character(const uint8_t *bytes, size_t left)
{
    size_t length = bytes[0] < 0x80                        ? 1
                    : bytes[0] >= 0xc2 && bytes[0] <= 0xdf ? 2
                    : bytes[0] >= 0xe0 && bytes[0] <= 0xef ? 3
                    : bytes[0] >= 0xf0 && bytes[0] <= 0xf4 ? 4
                                                           : 0;
    bool is_valid =
        length > 0 && length <= left && utf8_is_valid(bytes, length);
    return is_valid ? length : 0;
}

/*
 * A JSON string of any bytes. cJSON's own take C strings; names may hold NUL,
 * and the output may go to a terminal, which takes U+0080 … U+009F as commands.
 */
static cJSON *make_string(const uint8_t *bytes, size_t size,
                          struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    buf_byte(&text, '"');
    for (size_t i = 0; i < size;) {
        size_t length = character(bytes + i, size - i);
        if (length == 0) {
            buf_text(&text, "\\ufffd");
            i++;
            continue;
        }
        if (length == 1 && (bytes[i] < 0x20 || bytes[i] == 0x7f)) {
            buf_format(&text, "\\u%04x", bytes[i]);
        } else if (length == 2 && bytes[i] == 0xc2 && bytes[i + 1] < 0xa0) {
            buf_format(&text, "\\u%04x", bytes[i + 1]);
        } else {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                buf_byte(&text, '\\');
            }
            buf_add(&text, bytes + i, length);
        }
        i += length;
    }
    buf_byte(&text, '"');
    return cJSON_CreateRaw(buf_string(&text));
}

static void add_text(cJSON *object, const char *key, const char *text,
                     struct arena *arena)
{
    cJSON_AddItemToObjectCS(
        object, key,
        text == NULL ? cJSON_CreateNull()
                     : make_string((const uint8_t *)text, strlen(text), arena));
}

static void add_name(cJSON *object, const char *key, struct wasm_name name,
                     struct arena *arena)
{
    cJSON_AddItemToObjectCS(object, key,
                            make_string(name.bytes, name.length, arena));
}

static void add_number(cJSON *object, const char *key, uint64_t number)
{
    (void)cJSON_AddNumberToObject(object, key, (double)number);
}

/* Or null when 'is_known' is false. */
static void add_known(cJSON *object, const char *key, uint64_t number,
                      bool is_known)
{
    if (is_known) {
        add_number(object, key, number);
    } else {
        (void)cJSON_AddNullToObject(object, key);
    }
}

static cJSON *add_object(cJSON *array)
{
    cJSON *object = cJSON_CreateObject();
    (void)cJSON_AddItemToArray(array, object);
    return object;
}

static void add_channels(cJSON *root, const char *key,
                         const struct patch_channel *channels, uint32_t count,
                         struct arena *arena)
{
    cJSON *list = cJSON_AddArrayToObject(root, key);
    for (uint32_t i = 0; i < count; i++) {
        cJSON *item = add_object(list);
        add_number(item, "channel", channels[i].channel);
        add_number(item, "address", channels[i].address);
        add_text(item, "source", patch_source_name(channels[i].source), arena);
    }
}

static void add_candidates(cJSON *root, const char *key,
                           const struct footprint_buffer *buffers,
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
        cJSON *item = add_object(list);
        add_number(item, "index", i);
        if (memory->is_imported) {
            const struct wasm_import *import = &module->imports[memory->import];
            add_name(item, "module", import->module, arena);
            add_name(item, "field", import->field, arena);
        }
        add_number(item, "pages", memory->limits.min);
        add_known(item, "maxPages", memory->limits.max, memory->limits.has_max);
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
        cJSON *item = add_object(list);
        add_name(item, "module", import->module, arena);
        add_name(item, "field", import->field, arena);
        add_text(item, "kind", inspection_kind_name(import->kind), arena);
        add_number(item, "index", import->index);
        add_signature(item, module, import->kind, import->index);
    }
    list = cJSON_AddArrayToObject(root, "exports");
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export *export = &module->exports[i];
        cJSON *item = add_object(list);
        add_name(item, "name", export->name, arena);
        add_text(item, "kind", inspection_kind_name(export->kind), arena);
        add_number(item, "index", export->index);
        add_signature(item, module, export->kind, export->index);
    }
}

static void add_data(cJSON *root, const struct inspection *inspection)
{
    const struct wasm_module *module = inspection->module;
    cJSON *list = cJSON_AddArrayToObject(root, "data");
    for (uint32_t i = 0; i < module->data_count; i++) {
        int64_t address = inspection->data_addresses[i];
        cJSON *item = add_object(list);
        add_number(item, "memory", module->data[i].memory);
        add_known(item, "address", (uint64_t)address, address >= 0);
        add_number(item, "size", module->data[i].size);
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
        cJSON *item = add_object(list);
        add_text(item, "what", entry->what, arena);
        add_text(item, "why", entry->why, arena);
        add_known(item, "function", entry->function,
                  entry->function != UINT32_MAX);
        add_number(item, "offset", entry->offset);
        add_number(item, "count", entry->count);
    }
    list = cJSON_AddArrayToObject(root, "outsideSubset");
    for (uint32_t i = 0; i < inspection->outside_count; i++) {
        const struct inspection_opcode *entry = &inspection->outside[i];
        cJSON *item = add_object(list);
        add_text(item, "opcode", entry->opcode->name, arena);
        add_number(item, "count", entry->count);
        (void)cJSON_AddBoolToObject(
            item, "supported", entry->opcode->support != OPCODE_UNSUPPORTED);
    }
}

static void add_strings(cJSON *root, const char *key, const char *const *list,
                        uint32_t count, struct arena *arena)
{
    cJSON *array = cJSON_AddArrayToObject(root, key);
    for (uint32_t i = 0; i < count; i++) {
        (void)cJSON_AddItemToArray(array, make_string((const uint8_t *)list[i],
                                                      strlen(list[i]), arena));
    }
}

static void add_patch(cJSON *root, const struct inspection *inspection,
                      struct arena *arena)
{
    const struct patch *patch = &inspection->patch;
    add_text(root, "name", patch->name, arena);
    add_text(root, "sha256", inspection->sha256, arena);
    add_number(root, "size", inspection->module->size);
    add_text(root, "generation", patch_generation_name(patch->generation),
             arena);
    struct wasm_name driver = inspection_driver(inspection);
    if (driver.length > 0) {
        add_name(root, "drivenBy", driver, arena);
    } else {
        (void)cJSON_AddNullToObject(root, "drivenBy");
    }
    add_number(root, "blockFrames", patch->block_frames);
    add_text(root, "blockFramesSource", patch_source_name(patch->block_source),
             arena);
    add_number(root, "sampleRate", patch->sample_rate);
    add_text(root, "sampleRateSource", patch_source_name(patch->rate_source),
             arena);
    add_channels(root, "outputs", patch->outputs, patch->output_count, arena);
    (void)cJSON_AddBoolToObject(root, "monoOnBothSpeakers",
                                patch->is_mono_duplicated);
    add_channels(root, "inputs", patch->inputs, patch->input_count, arena);
    if (inspection->survey.has_probe) {
        const struct probe_result *probe = &inspection->survey.probe;
        add_candidates(root, "outputCandidates", probe->outputs,
                       probe->output_count);
        add_candidates(root, "inputCandidates", probe->inputs,
                       probe->input_count);
    }
}

void inspection_print_json(const struct inspection *inspection, FILE *stream,
                           struct arena *arena)
{
    cJSON *root = cJSON_CreateObject();
    add_patch(root, inspection, arena);
    add_memories(root, inspection->module, arena);
    add_imports_and_exports(root, inspection->module, arena);
    add_number(root, "functions", inspection->module->function_count);
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
