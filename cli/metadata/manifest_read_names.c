/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_read_internal.h"

#include "metadata/assets.h"
#include "metadata/manifest_json.h"
#include "patch_element.h"

enum {
    MAX_PARAMS = 65536,
    MAX_MIDI = 4096,
};

static bool check_name(const struct json_node *node, const char *key,
                       const char *name, struct diag *diag)
{
    if (!manifest_is_name(name)) {
        struct json_node member;
        (void)json_node_member(node, key, &member);
        return json_node_fail(&member, diag,
                              "not a name of 1 to %d bytes without blanks",
                              MANIFEST_MAX_NAME_BYTES);
    }
    return true;
}

static bool read_element(const struct manifest_read_context *context,
                         const struct json_node *node, const char *key,
                         enum f4e_element *element)
{
    const char *name = NULL;
    if (!json_node_text(node, key, &name, context->arena, context->diag)) {
        return false;
    }
    for (int i = F4E_I8; name != NULL && i <= F4E_F64; i++) {
        if (strcmp(name, patch_element_name((enum f4e_element)i)) == 0) {
            *element = (enum f4e_element)i;
            return true;
        }
    }
    struct json_node member;
    return name == NULL ||
           (json_node_member(node, key, &member) &&
            json_node_fail(&member, context->diag,
                           "not one of i8, u8, i16, u16, i32, f32, f64"));
}

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
        !check_name(node, "name", item->name, diag) ||
        !json_node_text(node, "type", &item->type, context->arena, diag) ||
        (item->type != NULL && !check_name(node, "type", item->type, diag)) ||
        !json_node_u32(node, "memory", 0, WASM_MAX_MEMORIES - 1, &item->memory,
                       diag) ||
        !json_node_u32(node, "address", 0, UINT32_MAX, &item->address, diag) ||
        !json_node_u32(node, "count", 0, UINT32_MAX, &item->count, diag) ||
        !read_element(context, node, "element", &item->element) ||
        !read_element(context, node, "pointee", &item->pointee) ||
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
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!read_item(context, &node, &items[i])) {
            return false;
        }
    }
    context->manifest->items = items;
    context->manifest->item_count = count;
    return true;
}

/* Items by name; of several with one name the last is meant. */
struct named {
    const char *name;
    uint32_t item;
};

struct name_index {
    const struct patch_item *items;
    struct named *names; /* sorted */
    uint32_t count;
};

static int compare_names(const void *left, const void *right)
{
    const struct named *a = left;
    const struct named *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->item > b->item) - (a->item < b->item);
}

static void make_index(struct name_index *index,
                       const struct manifest *manifest, struct arena *arena)
{
    index->items = manifest->items;
    index->count = manifest->item_count;
    index->names = arena_alloc(arena, index->count, sizeof(*index->names));
    for (uint32_t i = 0; i < index->count; i++) {
        index->names[i] = (struct named){index->items[i].name, i};
    }
    qsort(index->names, index->count, sizeof(*index->names), compare_names);
}

/* UINT32_MAX: there is none. */
static uint32_t find_item(const struct name_index *index, const char *name)
{
    uint32_t low = 0;
    uint32_t high = index->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(index->names[middle].name, name) <= 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool is_found = low > 0 && strcmp(index->names[low - 1].name, name) == 0;
    return is_found ? index->names[low - 1].item : UINT32_MAX;
}

static bool read_item_name(const struct manifest_read_context *context,
                           const struct json_node *node, const char *key,
                           const struct name_index *index, uint32_t *item)
{
    const char *name = NULL;
    struct json_node member;
    if (!json_node_need(node, key, context->diag) ||
        !json_node_text(node, key, &name, context->arena, context->diag)) {
        return false;
    }
    *item = find_item(index, name);
    return *item != UINT32_MAX ||
           (json_node_member(node, key, &member) &&
            json_node_fail(&member, context->diag,
                           "no item of the manifest has this name"));
}

static bool read_kind(const struct manifest_read_context *context,
                      const struct json_node *node, enum f4e_param_kind *kind)
{
    const char *name = NULL;
    struct json_node member;
    if (!json_node_need(node, "kind", context->diag) ||
        !json_node_text(node, "kind", &name, context->arena, context->diag)) {
        return false;
    }
    for (int i = F4E_SLIDER; i <= F4E_CROSSFADE; i++) {
        if (strcmp(name, patch_param_name((enum f4e_param_kind)i)) == 0) {
            *kind = (enum f4e_param_kind)i;
            return true;
        }
    }
    (void)json_node_member(node, "kind", &member);
    return json_node_fail(&member, context->diag,
                          "not one of slider, button, switch, crossfade");
}

static bool read_param(const struct manifest_read_context *context,
                       const struct json_node *node,
                       const struct name_index *index,
                       struct patch_param *param)
{
    struct diag *diag = context->diag;
    *param = (struct patch_param){0};
    if (!json_node_object(node, diag) ||
        !read_kind(context, node, &param->kind) ||
        !read_item_name(context, node, "item", index, &param->item) ||
        (param->kind == F4E_CROSSFADE &&
         !read_item_name(context, node, "item2", index, &param->item2))) {
        return false;
    }
    /* What the kind does not use stays 0, as in what a project text gives. */
    if (param->kind == F4E_BUTTON || param->kind == F4E_SWITCH) {
        param->on = 1;
        return json_node_double(node, "off", &param->off, diag) &&
               json_node_double(node, "on", &param->on, diag);
    }
    param->min = param->kind == F4E_CROSSFADE ? -1 : 0;
    param->max = 1;
    return json_node_double(node, "min", &param->min, diag) &&
           json_node_double(node, "max", &param->max, diag) &&
           json_node_double(node, "step", &param->step, diag) &&
           json_node_bool(node, "floatBits", &param->is_float_bits, diag);
}

static bool read_params(const struct manifest_read_context *context,
                        const struct json_node *root,
                        const struct name_index *index)
{
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "params", MAX_PARAMS, &list, &count,
                        context->diag)) {
        return false;
    }
    struct patch_param *params =
        arena_alloc(context->arena, count, sizeof(*params));
    struct json_node node = {0};
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (!read_param(context, &node, index, &params[i])) {
            return false;
        }
    }
    context->manifest->params = params;
    context->manifest->param_count = count;
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
    uint32_t item =
        asset->target != NULL ? find_item(index, asset->target) : UINT32_MAX;
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
        check_name(node, "id", asset->id, diag) &&
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
    make_index(&index, context->manifest, context->arena);
    return read_params(context, root, &index) && read_midi(context, root) &&
           read_keyboard(context, root) && read_assets(context, root, &index) &&
           read_function_names(context, root);
}
