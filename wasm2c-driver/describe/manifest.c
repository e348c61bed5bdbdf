/* SPDX-License-Identifier: MIT */
#include "describe/manifest.h"

#include "base/utf8.h"
#include "describe/manifest_internal.h"
#include "patch_element.h"

#include <inttypes.h>

enum { WORD_BYTES = 4 };

uint32_t manifest_find_item(const struct manifest *manifest, const char *name)
{
    for (uint32_t i = 0; i < manifest->item_count; i++) {
        if (strcmp(manifest->items[i].name, name) == 0) {
            return i;
        }
    }
    return UINT32_MAX;
}

/* Why an item cannot be used, or NULL. */
static const char *item_fault(const struct patch_item *item,
                              const struct wasm_module *module)
{
    uint64_t bytes = (uint64_t)item->count * patch_element_bytes(item->element);
    if (!manifest_is_name(item->name)) {
        return "is no name to type";
    }
    if (bytes > item->capacity) {
        return "has more elements than bytes";
    }
    return manifest_fits(module, item->memory, item->address, item->capacity)
               ? NULL
               : "lies outside the module's memory";
}

/* An item with the place that it had in the document. */
struct ranked {
    struct patch_item item;
    uint32_t rank;
};

static int compare_names(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    int order = strcmp(a->item.name, b->item.name);
    return order != 0 ? order : (a->rank > b->rank) - (a->rank < b->rank);
}

static int compare_places(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    if (a->item.memory != b->item.memory) {
        return a->item.memory < b->item.memory ? -1 : 1;
    }
    if (a->item.address != b->item.address) {
        return a->item.address < b->item.address ? -1 : 1;
    }
    return (a->rank > b->rank) - (a->rank < b->rank);
}

static void check_items(struct manifest *manifest,
                        const struct wasm_module *module, struct arena *arena)
{
    uint32_t old_count = manifest->item_count;
    struct ranked *list = arena_alloc(arena, old_count, sizeof(*list));
    uint32_t *moved = arena_alloc(arena, old_count, sizeof(*moved));
    uint32_t dropped = 0;
    uint32_t count = 0;
    const char *first = NULL;
    for (uint32_t i = 0; i < old_count; i++) {
        const struct patch_item *item = &manifest->items[i];
        const char *fault = item_fault(item, module);
        moved[i] = UINT32_MAX;
        if (fault == NULL) {
            list[count++] = (struct ranked){*item, i};
        } else if (dropped++ == 0) {
            first = arena_format(arena, "'%s' %s",
                                 utf8_print_text(item->name, arena), fault);
        }
    }
    /* Of several with one name the last is meant, as in the 8f4e format. */
    qsort(list, count, sizeof(*list), compare_names);
    uint32_t unique = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i + 1 < count &&
            strcmp(list[i].item.name, list[i + 1].item.name) == 0) {
            first =
                dropped++ > 0
                    ? first
                    : arena_format(arena, "'%s' is there twice",
                                   utf8_print_text(list[i].item.name, arena));
            continue;
        }
        list[unique++] = list[i];
    }
    qsort(list, unique, sizeof(*list), compare_places);
    struct patch_item *items = arena_alloc(arena, unique, sizeof(*items));
    for (uint32_t i = 0; i < unique; i++) {
        items[i] = list[i].item;
        moved[list[i].rank] = i;
    }
    manifest->items = items;
    manifest->item_count = unique;
    if (dropped > 0) {
        manifest_notice(manifest, arena, "%" PRIu32 " variable%s left out: %s",
                        dropped, dropped == 1 ? " is" : "s are", first);
    }
    const struct manifest_moves moves = {moved, old_count};
    manifest_check_params(manifest, &moves, arena);
    manifest_check_views(manifest, &moves, module, arena);
    manifest_check_senders(manifest, &moves, arena);
}

static void check_midi(struct manifest *manifest,
                       const struct wasm_module *module, struct arena *arena)
{
    struct patch_midi *kept =
        arena_alloc(arena, manifest->midi_count, sizeof(*kept));
    uint32_t count = 0;
    for (uint32_t i = 0; i < manifest->midi_count; i++) {
        const struct patch_midi *midi = &manifest->midi[i];
        if (wasm_find_export(module, WASM_FUNCTION, midi->callback) != NULL) {
            kept[count++] = *midi;
        } else {
            manifest_notice(manifest, arena,
                            "MIDI port %" PRIu32
                            "%s: the module exports no function '%s', so "
                            "nothing is called",
                            midi->port, manifest_at(midi->where, arena),
                            utf8_print_text(midi->callback, arena));
        }
    }
    manifest->midi = kept;
    manifest->midi_count = count;
}

static void check_key(struct manifest *manifest, uint32_t *address,
                      const struct wasm_module *module, struct arena *arena)
{
    if (*address != 0 && !manifest_fits(module, 0, *address, WORD_BYTES)) {
        manifest_notice(manifest, arena,
                        "keyboard memory at byte %" PRIu32
                        " lies outside memory 0: not used",
                        *address);
        *address = 0;
    }
}

void manifest_check(struct manifest *manifest, const struct wasm_module *module,
                    struct arena *arena)
{
    check_items(manifest, module, arena);
    check_midi(manifest, module, arena);
    check_key(manifest, &manifest->keyboard_code, module, arena);
    check_key(manifest, &manifest->keyboard_pressed, module, arena);
}

void manifest_name_functions(const struct manifest *manifest,
                             struct wasm_module *module, struct arena *arena)
{
    for (uint32_t i = 0; i < manifest->name_count; i++) {
        const struct manifest_name *name = &manifest->names[i];
        if (name->function < module->function_count &&
            module->functions[name->function].debug_name.length == 0) {
            size_t length = strlen(name->name);
            module->functions[name->function].debug_name = (struct wasm_name){
                (const uint8_t *)arena_copy(arena, name->name, length), length};
        }
    }
}
