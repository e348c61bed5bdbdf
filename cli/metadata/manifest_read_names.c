/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_read_internal.h"

#include "metadata/assets.h"
#include "metadata/manifest_json.h"
#include "patch_element.h"

enum { MAX_MIDI = 4096 };

static bool read_item(const struct manifest_read_context *context,
                      const struct json_node *node, struct patch_item *item)
{
    struct diag *diag = context->diag;
    enum { MAX_DEPTH = 2 };
    *item =
        (struct patch_item){.element = F4E_I32, .pointee = F4E_I32, .count = 1};
    if (!json_node_object(node, diag) || !json_node_need(node, "name", diag) ||
        !json_node_need(node, "address", diag) ||
        !json_node_text(node, "name", &item->name, context->arena, diag) ||
        !manifest_check_name(node, "name", item->name, diag) ||
        !json_node_text(node, "type", &item->type, context->arena, diag) ||
        (item->type != NULL &&
         !manifest_check_name(node, "type", item->type, diag)) ||
        !json_node_u32(node, "memory", 0, WASM_MAX_MEMORIES - 1, &item->memory,
                       diag) ||
        !json_node_u32(node, "address", 0, UINT32_MAX, &item->address, diag) ||
        !json_node_length(node, "count", &item->count, diag) ||
        !manifest_read_element(context, node, "element", &item->element) ||
        !manifest_read_element(context, node, "pointee", &item->pointee) ||
        !json_node_u32(node, "pointerDepth", 0, MAX_DEPTH, &item->pointer_depth,
                       diag)) {
        return false;
    }
    uint64_t bytes = (uint64_t)item->count * patch_element_bytes(item->element);
    item->capacity = bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
    item->is_array = item->count != 1;
    item->type =
        item->type != NULL ? item->type : patch_element_name(item->element);
    if (!json_node_u32(node, "capacity", 0, UINT32_MAX, &item->capacity,
                       diag) ||
        !json_node_bool(node, "array", &item->is_array, diag)) {
        return false;
    }
    /* Whatever it says: what is not a list has exactly one element. */
    item->is_array = item->is_array || item->count != 1;
    return true;
}

static bool read_items(const struct manifest_read_context *context,
                       const struct json_node *root)
{
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "items", MANIFEST_MAX_ITEMS, &list, &count,
                        context->diag)) {
        return false;
    }
    struct patch_item *items =
        arena_alloc(context->arena, count, sizeof(*items));
    struct json_node node = {0};
    count = 0;
    while (json_node_next(&list, &node)) {
        if (manifest_item_is_foreign(context, &node)) {
            continue;
        }
        if (!read_item(context, &node, &items[count++])) {
            return false;
        }
    }
    context->manifest->items = items;
    context->manifest->item_count = count;
    return true;
}

static bool read_midi(const struct manifest_read_context *context,
                      const struct json_node *root)
{
    struct diag *diag = context->diag;
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "midi", MAX_MIDI, &list, &count, diag)) {
        return false;
    }
    struct patch_midi *midi = arena_alloc(context->arena, count, sizeof(*midi));
    struct json_node node = {0};
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!json_node_object(&node, diag) ||
            !json_node_need(&node, "port", diag) ||
            !json_node_need(&node, "callback", diag) ||
            !json_node_u32(&node, "port", 0, UINT32_MAX, &midi[i].port, diag) ||
            !json_node_text(&node, "callback", &midi[i].callback,
                            context->arena, diag)) {
            return false;
        }
    }
    context->manifest->midi = midi;
    context->manifest->midi_count = count;
    return true;
}

static bool read_keyboard(const struct manifest_read_context *context,
                          const struct json_node *root)
{
    struct json_node node;
    struct manifest *manifest = context->manifest;
    return !json_node_member(root, "keyboard", &node) ||
           (json_node_object(&node, context->diag) &&
            json_node_u32(&node, "code", 0, UINT32_MAX,
                          &manifest->keyboard_code, context->diag) &&
            json_node_u32(&node, "pressed", 0, UINT32_MAX,
                          &manifest->keyboard_pressed, context->diag));
}

/* The target's place: what the manifest says, or where its item lies. */
static bool read_target(const struct manifest_read_context *context,
                        const struct json_node *node,
                        const struct name_index *index,
                        struct manifest_asset *asset)
{
    struct diag *diag = context->diag;
    uint32_t address = UINT32_MAX;
    bool is_empty = false; /* no room, which is not 'capacity' 0: any room */
    if (!json_node_text(node, "target", &asset->target, context->arena, diag)) {
        return false;
    }
    uint32_t item = asset->target != NULL
                        ? manifest_index_find(index, asset->target)
                        : UINT32_MAX;
    if (item != UINT32_MAX && index->items[item].memory == 0) {
        address = index->items[item].address;
        asset->capacity = index->items[item].capacity;
        is_empty = asset->capacity == 0;
    }
    if (!json_node_u32(node, "address", 0, UINT32_MAX - 1, &address, diag) ||
        !json_node_u32(node, "capacity", 0, UINT32_MAX, &asset->capacity,
                       diag)) {
        return false;
    }
    if (address == UINT32_MAX && asset->target == NULL) {
        return json_node_fail(node, diag, "neither 'target' nor 'address'");
    }
    asset->is_placed =
        address != UINT32_MAX && (asset->capacity > 0 || !is_empty);
    asset->address = asset->is_placed ? address : 0;
    return true;
}

static bool read_asset(const struct manifest_read_context *context,
                       const struct json_node *node,
                       const struct name_index *index,
                       struct manifest_asset *asset)
{
    struct diag *diag = context->diag;
    bool is_good =
        json_node_object(node, diag) && json_node_need(node, "id", diag) &&
        json_node_text(node, "id", &asset->id, context->arena, diag) &&
        manifest_check_name(node, "id", asset->id, diag) &&
        json_node_text(node, "url", &asset->url, context->arena, diag) &&
        json_node_text(node, "file", &asset->file, context->arena, diag) &&
        json_node_sha256(node, &asset->sha256, context->arena, context->diag) &&
        read_target(context, node, index, asset);
    if (asset->file != NULL && !asset_is_file_name(asset->file)) {
        asset->file = NULL;
    }
    return is_good;
}

static bool read_assets(const struct manifest_read_context *context,
                        const struct json_node *root,
                        const struct name_index *index)
{
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "assets", MANIFEST_MAX_TARGETS, &list, &count,
                        context->diag)) {
        return false;
    }
    struct manifest_asset *assets =
        arena_alloc(context->arena, count, sizeof(*assets));
    struct json_node node = {0};
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!read_asset(context, &node, index, &assets[i])) {
            return false;
        }
    }
    context->manifest->assets = assets;
    context->manifest->asset_count = count;
    return true;
}

/* A controller has a "controller", notes have a "gate". */
static bool read_sender(const struct manifest_read_context *context,
                        const struct json_node *node,
                        const struct name_index *index,
                        struct patch_sender *sender)
{
    struct json_node member;
    if (!json_node_object(node, context->diag)) {
        return false;
    }
    *sender = (struct patch_sender){
        .is_controller = json_node_member(node, "controller", &member)};
    for (unsigned i = 0; i < F4E_SENDER_WORDS; i++) {
        const char *key = patch_sender_word(sender->is_controller, i);
        bool is_needed = i < 2;
        sender->items[i] = F4E_NO_ITEM;
        if (key != NULL &&
            (is_needed || json_node_member(node, key, &member)) &&
            !manifest_read_item_name(context, node, key, index,
                                     &sender->items[i])) {
            return false;
        }
    }
    return true;
}

static bool read_senders(const struct manifest_read_context *context,
                         const struct json_node *root,
                         const struct name_index *index)
{
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "midiOut", F4E_SENDERS_MAX, &list, &count,
                        context->diag)) {
        return false;
    }
    struct patch_sender *senders =
        arena_alloc(context->arena, count, sizeof(*senders));
    struct json_node node = {0};
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!read_sender(context, &node, index, &senders[i])) {
            return false;
        }
    }
    context->manifest->senders = senders;
    context->manifest->sender_count = count;
    return true;
}

static bool read_function_names(const struct manifest_read_context *context,
                                const struct json_node *root)
{
    struct diag *diag = context->diag;
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "functionNames", MANIFEST_MAX_ITEMS, &list,
                        &count, diag)) {
        return false;
    }
    struct manifest_name *names =
        arena_alloc(context->arena, count, sizeof(*names));
    struct json_node node = {0};
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!json_node_object(&node, diag) ||
            !json_node_need(&node, "function", diag) ||
            !json_node_need(&node, "name", diag) ||
            !json_node_u32(&node, "function", 0, UINT32_MAX, &names[i].function,
                           diag) ||
            !json_node_text(&node, "name", &names[i].name, context->arena,
                            diag)) {
            return false;
        }
    }
    context->manifest->names = names;
    context->manifest->name_count = count;
    return true;
}

bool manifest_read_names(const struct manifest_read_context *context,
                         const struct json_node *root)
{
    struct name_index index;
    if (!read_items(context, root)) {
        return false;
    }
    manifest_index_make(&index, context->manifest, context->arena);
    return manifest_read_widgets(context, root, &index) &&
           read_midi(context, root) && read_senders(context, root, &index) &&
           read_keyboard(context, root) && read_assets(context, root, &index) &&
           read_function_names(context, root);
}
