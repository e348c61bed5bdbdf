/* SPDX-License-Identifier: MIT */
#include "check_manifest.h"

#include "metadata/manifest_json.h"
#include "patch_element.h"

#include <math.h>

enum {
    SPARE_BYTES = 1 << 20,
    BYTES_PER_BYTE = 400,
    MEMORIES = 2,
};

/* Exports main, buffer and onNote; a page, and three of them. */
static void make_module(struct wasm_module *module,
                        struct wasm_memory memories[MEMORIES],
                        struct wasm_export exports[3])
{
    static const char *const names[] = {"main", "buffer", "onNote"};
    static struct wasm_function functions[3];
    *module = (struct wasm_module){
        .functions = functions,
        .function_count = 3,
        .memories = memories,
        .memory_count = MEMORIES,
        .exports = exports,
        .export_count = 3,
    };
    for (uint32_t i = 0; i < 3; i++) {
        functions[i] = (struct wasm_function){0};
        exports[i] = (struct wasm_export){
            .name = {(const uint8_t *)names[i], strlen(names[i])},
            .kind = WASM_FUNCTION,
            .index = i,
        };
    }
    memories[0].limits = (struct wasm_limits){.min = 1, .max = 1};
    memories[1].limits = (struct wasm_limits){.min = 3, .max = 3};
}

/* Nothing that a terminal would obey. */
static bool is_shown(const char *text)
{
    for (const char *at = text; *at != '\0'; at++) {
        unsigned char byte = (unsigned char)*at;
        bool is_c1 = byte == 0xc2 && (unsigned char)at[1] < 0xa0;
        if (byte < 0x20 || byte == 0x7f || is_c1) {
            return false;
        }
    }
    return text[0] != '\0';
}

static bool is_good_report(const struct diag *diag, const uint8_t *bytes,
                           size_t size)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    return diag->kind == DIAG_INPUT && is_shown(diag->text) &&
           diag->line <= lines && strcmp(diag->file, "m.json") == 0;
}

/* The name of a block, or none. */
static bool is_block(const char *module)
{
    return module[0] == '\0' || is_shown(module);
}

static bool check_items(const struct manifest *manifest,
                        const struct wasm_module *module, const char **why)
{
    for (uint32_t i = 0; i < manifest->item_count; i++) {
        const struct patch_item *item = &manifest->items[i];
        const struct patch_item *before = i > 0 ? item - 1 : NULL;
        *why = "a name or type that cannot be typed";
        if (!is_shown(item->name) || !is_shown(item->type)) {
            return false;
        }
        *why = "an item outside of its memory";
        if (item->memory >= MEMORIES ||
            (uint64_t)item->address + item->capacity >
                module->memories[item->memory].limits.min * WASM_PAGE_BYTES) {
            return false;
        }
        *why = "an item with more elements than room";
        if ((uint64_t)item->count * patch_element_bytes(item->element) >
                item->capacity ||
            (item->count != 1 && !item->is_array)) {
            return false;
        }
        *why = "items out of order";
        if (before != NULL && (item->memory < before->memory ||
                               (item->memory == before->memory &&
                                item->address < before->address))) {
            return false;
        }
        *why = "an item that is not the one of its name";
        if (manifest_find_item(manifest, item->name) != i) {
            return false;
        }
    }
    return true;
}

static bool check_params(const struct manifest *manifest, const char **why)
{
    for (uint32_t i = 0; i < manifest->param_count; i++) {
        const struct patch_param *param = &manifest->params[i];
        *why = "a control without its variable";
        if (param->item >= manifest->item_count ||
            param->item2 >= manifest->item_count ||
            manifest->items[param->item].count == 0) {
            return false;
        }
        *why = "a float in less than four bytes";
        if (param->is_float_bits &&
            manifest->items[param->item].capacity < sizeof(float)) {
            return false;
        }
        *why = "a control with a strange module or order";
        if (!is_block(param->module) ||
            (i > 0 && param->order < manifest->params[i - 1].order)) {
            return false;
        }
        *why = "a range that is not finite";
        if (!isfinite(param->min) || !isfinite(param->max) ||
            !isfinite(param->step) || !isfinite(param->on) ||
            !isfinite(param->off)) {
            return false;
        }
    }
    return true;
}

static bool has_integer(const struct manifest *manifest, uint32_t item)
{
    return item < manifest->item_count && manifest->items[item].count > 0 &&
           manifest->items[item].element != F4E_F32 &&
           manifest->items[item].element != F4E_F64;
}

/* What a patch follows at run time without looking again. */
static bool check_views(const struct manifest *manifest,
                        const struct wasm_module *module, const char **why)
{
    for (uint32_t i = 0; i < manifest->view_count; i++) {
        const struct patch_view *view = &manifest->views[i];
        *why = "a view without its element";
        if (view->item >= manifest->item_count ||
            view->index >= manifest->items[view->item].count) {
            return false;
        }
        const struct patch_item *item = &manifest->items[view->item];
        *why = "a view whose length or cursor is not in an integer";
        if ((view->count_item != F4E_NO_ITEM &&
             !has_integer(manifest, view->count_item)) ||
            (view->cursor_item != F4E_NO_ITEM &&
             (!has_integer(manifest, view->cursor_item) ||
              manifest->items[view->cursor_item].element != F4E_I32)) ||
            (view->kind == F4E_PIANO &&
             (view->count_item == F4E_NO_ITEM ||
              manifest->items[view->count_item].element != F4E_I32))) {
            return false;
        }
        *why = "a view of elements that are not of its item's type";
        if (view->is_pointee ? item->element != F4E_I32
                             : view->element != item->element) {
            return false;
        }
        *why = "a view that leaves its memory";
        uint64_t end = item->address + ((uint64_t)view->index + view->count) *
                                           patch_element_bytes(item->element);
        if (!view->is_pointee && view->count_item == F4E_NO_ITEM &&
            end > module->memories[item->memory].limits.min * WASM_PAGE_BYTES) {
            return false;
        }
        *why = "a view with a strange range, module or order";
        if (!isfinite(view->min) || !isfinite(view->max) ||
            !is_block(view->module) ||
            (i > 0 && view->order < manifest->views[i - 1].order)) {
            return false;
        }
    }
    return true;
}

static bool check_rest(const struct manifest *manifest,
                       const struct wasm_module *module, const char **why)
{
    for (uint32_t i = 0; i < manifest->midi_count; i++) {
        *why = "a callback that is not exported";
        if (wasm_find_export(module, WASM_FUNCTION,
                             manifest->midi[i].callback) == NULL) {
            return false;
        }
    }
    for (uint32_t i = 0; i < manifest->asset_count; i++) {
        const struct manifest_asset *asset = &manifest->assets[i];
        *why = "an asset that cannot be typed, or a path for a file";
        if (!is_shown(asset->id) ||
            (asset->file != NULL &&
             (!is_shown(asset->file) || strchr(asset->file, '/') != NULL))) {
            return false;
        }
    }
    for (uint32_t i = 0; i < manifest->notice_count; i++) {
        *why = "a notice that a terminal would obey";
        if (!is_shown(manifest->notices[i])) {
            return false;
        }
    }
    *why = "a channel too many, or a keyboard outside of memory";
    return manifest->output_count <= PATCH_MAX_CHANNELS &&
           manifest->input_count <= PATCH_MAX_CHANNELS &&
           manifest->keyboard_code <= WASM_PAGE_BYTES - 4 &&
           manifest->keyboard_pressed <= WASM_PAGE_BYTES - 4;
}

enum mutate_result check_manifest(const uint8_t *bytes, size_t size,
                                  struct arena *arena, const char **why)
{
    struct wasm_memory memories[MEMORIES] = {0};
    struct wasm_export exports[3];
    struct wasm_module module;
    struct manifest manifest;
    struct diag diag;
    size_t used = arena->used;
    /* A NUL has to follow. */
    const uint8_t *text = (const uint8_t *)arena_copy(arena, bytes, size);
    diag_init(&diag, NULL);
    make_module(&module, memories, exports);
    bool is_read = manifest_read(&manifest, text, size, "m.json",
                                 SOURCE_MANIFEST, arena, &diag);
    if (is_read) {
        manifest_check(&manifest, &module, arena);
        manifest_name_functions(&manifest, &module, arena);
    }
    *why = "more memory than a fixed multiple of the file";
    if (arena->used - used > SPARE_BYTES + size * BYTES_PER_BYTE) {
        return MUTATE_BROKEN;
    }
    if (!is_read) {
        *why = "a refusal without kind, text, file or line";
        return is_good_report(&diag, bytes, size) ? MUTATE_REJECTED
                                                  : MUTATE_BROKEN;
    }
    return check_items(&manifest, &module, why) &&
                   check_params(&manifest, why) &&
                   check_views(&manifest, &module, why) &&
                   check_rest(&manifest, &module, why)
               ? MUTATE_ACCEPTED
               : MUTATE_BROKEN;
}
