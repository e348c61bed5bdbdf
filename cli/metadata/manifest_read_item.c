/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_read_internal.h"

#include "patch_element.h"

bool manifest_check_name(const struct json_node *node, const char *key,
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

bool manifest_read_element(const struct manifest_read_context *context,
                           const struct json_node *node, const char *key,
                           enum f4e_element *element)
{
    const char *name = NULL;
    if (!json_node_text(node, key, &name, context->arena, context->diag)) {
        return false;
    }
    for (int i = F4E_I8; name != NULL && i < PATCH_ELEMENTS; i++) {
        if (strcmp(name, patch_element_name((enum f4e_element)i)) == 0) {
            *element = (enum f4e_element)i;
            return true;
        }
    }
    struct json_node member;
    return name == NULL ||
           (json_node_member(node, key, &member) &&
            json_node_fail(&member, context->diag,
                           "not one of i8, u8, i16, u16, i32, f32, f64, i64"));
}

static int compare_names(const void *left, const void *right)
{
    const struct named *a = left;
    const struct named *b = right;
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : (a->item > b->item) - (a->item < b->item);
}

void manifest_index_make(struct name_index *index,
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

uint32_t manifest_index_find(const struct name_index *index, const char *name)
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

bool manifest_read_item_name(const struct manifest_read_context *context,
                             const struct json_node *node, const char *key,
                             const struct name_index *index, uint32_t *item)
{
    const char *name = NULL;
    struct json_node member;
    if (!json_node_need(node, key, context->diag) ||
        !json_node_text(node, key, &name, context->arena, context->diag)) {
        return false;
    }
    *item = manifest_index_find(index, name);
    return *item != UINT32_MAX ||
           (json_node_member(node, key, &member) &&
            json_node_fail(&member, context->diag,
                           "no item of the manifest has this name"));
}
