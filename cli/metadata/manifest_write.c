/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_json.h"

#include "base/file.h"
#include "base/sha256.h"
#include "describe/describe.h"
#include "metadata/json_text.h"
#include "patch_element.h"

struct wasm_name manifest_driver(const struct patch *patch)
{
    const struct wasm_module *module = patch->module;
    uint32_t index = patch->is_driven_by_main ? patch->main_function
                                              : patch->buffer_function;
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION &&
            module->exports[i].index == index) {
            return module->exports[i].name;
        }
    }
    return (struct wasm_name){(const uint8_t *)"", 0};
}

/* Where values came from is news to people; inside a module it would make the
 * same manifest differ from itself. */
struct writer {
    struct arena *arena;
    bool has_origins;
};

static void add_source(cJSON *object, const char *key, enum patch_source source,
                       const struct writer *writer)
{
    if (writer->has_origins) {
        json_add_text(object, key, patch_source_name(source), writer->arena);
    }
}

/* A member only where there is something to say. */
static void add_where(cJSON *object, const char *key, const char *where,
                      const struct writer *writer)
{
    if (where != NULL && writer->has_origins) {
        json_add_text(object, key, where, writer->arena);
    }
}

static void add_origin(cJSON *object, enum patch_source source,
                       const char *where, const struct writer *writer)
{
    add_source(object, "source", source, writer);
    add_where(object, "where", where, writer);
}

static void add_channels(cJSON *root, const char *key,
                         const struct patch_channel *channels, uint32_t count,
                         const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, key);
    for (uint32_t i = 0; i < count; i++) {
        cJSON *item = json_add_object(list);
        json_add_number(item, "channel", channels[i].channel);
        json_add_known(item, "address", channels[i].address,
                       channels[i].address != PATCH_UNCONNECTED);
        add_origin(item, channels[i].source, channels[i].where, writer);
    }
}

static void add_audio(cJSON *root, const struct patch *patch,
                      const struct writer *writer)
{
    bool is_timer = patch->runtime == RUNTIME_TIMER;
    json_add_text(root, "runtime", is_timer ? "timer" : "audio", writer->arena);
    add_source(root, "runtimeSource", patch->runtime_source, writer);
    add_where(root, "runtimeWhere", patch->runtime_where, writer);
    if (is_timer) {
        json_add_number(root, "tickMs", patch->tick_ms);
    }
    struct wasm_name driver = manifest_driver(patch);
    if (driver.length > 0) {
        json_add_name(root, "drivenBy", driver, writer->arena);
    } else {
        (void)cJSON_AddNullToObject(root, "drivenBy");
    }
    json_add_number(root, "blockFrames", patch->block_frames);
    add_source(root, "blockFramesSource", patch->block_source, writer);
    add_where(root, "blockFramesWhere", patch->block_where, writer);
    json_add_number(root, "sampleRate", patch->sample_rate);
    add_source(root, "sampleRateSource", patch->rate_source, writer);
    add_where(root, "sampleRateWhere", patch->rate_where, writer);
    add_channels(root, "outputs", patch->outputs, patch->output_count, writer);
    (void)cJSON_AddBoolToObject(root, "monoOnBothSpeakers",
                                patch->is_mono_duplicated);
    add_channels(root, "inputs", patch->inputs, patch->input_count, writer);
}

static void add_items(cJSON *root, const struct patch *patch,
                      const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "items");
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        cJSON *object = json_add_object(list);
        json_add_text(object, "name", item->name, writer->arena);
        json_add_text(object, "type", item->type, writer->arena);
        json_add_number(object, "memory", item->memory);
        json_add_number(object, "address", item->address);
        json_add_number(object, "count", item->count);
        json_add_number(object, "capacity", item->capacity);
        json_add_text(object, "element", patch_element_name(item->element),
                      writer->arena);
        (void)cJSON_AddBoolToObject(object, "array", item->is_array);
        if (item->pointer_depth > 0) {
            json_add_number(object, "pointerDepth", item->pointer_depth);
            json_add_text(object, "pointee", patch_element_name(item->pointee),
                          writer->arena);
        }
    }
}

static void add_params(cJSON *root, const struct patch *patch,
                       const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "params");
    for (uint32_t i = 0; i < patch->param_count; i++) {
        const struct patch_param *param = &patch->params[i];
        cJSON *object = json_add_object(list);
        json_add_text(object, "kind", patch_param_name(param->kind),
                      writer->arena);
        json_add_text(object, "item", patch->items[param->item].name,
                      writer->arena);
        if (param->kind == F4E_CROSSFADE) {
            json_add_text(object, "item2", patch->items[param->item2].name,
                          writer->arena);
        }
        if (param->kind == F4E_SLIDER || param->kind == F4E_CROSSFADE) {
            json_add_double(object, "min", param->min);
            json_add_double(object, "max", param->max);
            json_add_double(object, "step", param->step);
            (void)cJSON_AddBoolToObject(object, "floatBits",
                                        param->is_float_bits);
        } else {
            json_add_double(object, "off", param->off);
            json_add_double(object, "on", param->on);
        }
        json_add_text(object, "module", param->module, writer->arena);
        json_add_number(object, "order", param->order);
        add_where(object, "where", param->where, writer);
    }
}

/* What the elements of a view are, and how many. */
static void add_run(cJSON *object, const struct patch *patch,
                    const struct patch_view *view, const struct writer *writer)
{
    if (view->index != 0) {
        json_add_number(object, "index", view->index);
    }
    if (view->is_pointee) {
        (void)cJSON_AddTrueToObject(object, "pointer");
    }
    json_add_text(object, "element", patch_element_name(view->element),
                  writer->arena);
    if (view->count_item != F4E_NO_ITEM) {
        json_add_text(object, "countItem", patch->items[view->count_item].name,
                      writer->arena);
    } else if (patch_view_has_run(view->kind)) {
        json_add_number(object, "count", view->count);
    }
    if (view->cursor_item != F4E_NO_ITEM) {
        json_add_text(object, "cursorItem",
                      patch->items[view->cursor_item].name, writer->arena);
        (void)cJSON_AddBoolToObject(object, "cursorAddress",
                                    view->is_cursor_address);
    }
}

static void add_views(cJSON *root, const struct patch *patch,
                      const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "views");
    for (uint32_t i = 0; i < patch->view_count; i++) {
        const struct patch_view *view = &patch->views[i];
        cJSON *object = json_add_object(list);
        json_add_text(object, "kind", patch_view_name(view->kind),
                      writer->arena);
        json_add_text(object, "item", patch->items[view->item].name,
                      writer->arena);
        add_run(object, patch, view, writer);
        if (view->kind == F4E_WATCH) {
            json_add_text(object, "format", patch_format_name(view->format),
                          writer->arena);
        }
        if (patch_view_has_range(view->kind)) {
            json_add_double(object, "min", view->min);
            json_add_double(object, "max", view->max);
        }
        if (view->kind == F4E_PIANO) {
            (void)cJSON_AddNumberToObject(object, "firstKey", view->first_key);
        }
        json_add_number(object, "rows", view->rows);
        json_add_text(object, "module", view->module, writer->arena);
        json_add_number(object, "order", view->order);
        add_where(object, "where", view->where, writer);
    }
}

static void add_devices(cJSON *root, const struct patch *patch,
                        const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "midi");
    for (uint32_t i = 0; i < patch->midi_count; i++) {
        cJSON *object = json_add_object(list);
        json_add_number(object, "port", patch->midi[i].port);
        json_add_text(object, "callback", patch->midi[i].callback,
                      writer->arena);
        add_where(object, "where", patch->midi[i].where, writer);
    }
    list = cJSON_AddArrayToObject(root, "midiOut");
    for (uint32_t i = 0; i < patch->sender_count; i++) {
        const struct patch_sender *sender = &patch->senders[i];
        cJSON *object = json_add_object(list);
        for (unsigned k = 0; k < F4E_SENDER_WORDS; k++) {
            if (sender->items[k] != F4E_NO_ITEM) {
                json_add_text(
                    object, patch_sender_word(sender->is_controller, k),
                    patch->items[sender->items[k]].name, writer->arena);
            }
        }
        add_where(object, "where", sender->where, writer);
    }
    cJSON *keyboard = cJSON_AddObjectToObject(root, "keyboard");
    json_add_known(keyboard, "code", patch->keyboard_code,
                   patch->keyboard_code != 0);
    json_add_known(keyboard, "pressed", patch->keyboard_pressed,
                   patch->keyboard_pressed != 0);
}

static void add_assets(cJSON *root, const struct patch *patch,
                       const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "assets");
    const uint8_t *hashed = NULL;
    char sha256[SHA256_HEX] = "";
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        cJSON *object = json_add_object(list);
        json_add_text(object, "id", asset->id, writer->arena);
        json_add_text(object, "url", asset->url, writer->arena);
        json_add_text(object, "file",
                      asset->file != NULL ? file_base_name(asset->file) : NULL,
                      writer->arena);
        if (asset->bytes != NULL) {
            if (asset->bytes != hashed) {
                sha256_hex(asset->bytes, asset->file_size, sha256);
                hashed = asset->bytes;
            }
            json_add_text(object, "sha256", sha256, writer->arena);
        }
        json_add_known(object, "size", asset->file_size, asset->bytes != NULL);
        json_add_text(object, "target", asset->target, writer->arena);
        json_add_number(object, "address", asset->address);
        json_add_known(object, "capacity", asset->capacity,
                       asset->capacity != 0);
        json_add_known(object, "placed", asset->size, asset->bytes != NULL);
        add_origin(object, asset->source, asset->where, writer);
    }
}

static void add_function_names(cJSON *root, const struct wasm_module *module,
                               const struct writer *writer)
{
    cJSON *list = cJSON_AddArrayToObject(root, "functionNames");
    for (uint32_t i = 0; i < module->function_count; i++) {
        if (module->functions[i].debug_name.length > 0) {
            cJSON *object = json_add_object(list);
            json_add_number(object, "function", i);
            json_add_name(object, "name", module->functions[i].debug_name,
                          writer->arena);
        }
    }
}

void manifest_add(cJSON *root, const struct patch *patch, bool has_origins,
                  struct arena *arena)
{
    const struct writer writer = {arena, has_origins};
    (void)cJSON_AddNumberToObject(root, "f4e-manifest", MANIFEST_VERSION);
    if (has_origins || patch->name_source != SOURCE_DEFAULT) {
        json_add_text(root, "name", patch->name, arena);
    }
    add_source(root, "nameSource", patch->name_source, &writer);
    add_where(root, "nameWhere", patch->name_where, &writer);
    json_add_text(root, "sha256", patch->sha256, arena);
    add_audio(root, patch, &writer);
    add_items(root, patch, &writer);
    add_params(root, patch, &writer);
    add_views(root, patch, &writer);
    add_devices(root, patch, &writer);
    add_assets(root, patch, &writer);
    add_function_names(root, patch->module, &writer);
}
