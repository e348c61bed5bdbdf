/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_read_internal.h"

#include "patch_element.h"

enum {
    MAX_PARAMS = 65536,
    MAX_VIEWS = 65536,
    MAX_ROWS = 1000,
};

/* Where a widget stands. */
struct place {
    const char *module;
    uint32_t order; /* set by the caller to what holds without a member */
};

/* Without a member it is the module of its item. */
static bool read_place(const struct manifest_read_context *context,
                       const struct json_node *node,
                       const struct name_index *index, uint32_t item,
                       struct place *place)
{
    struct diag *diag = context->diag;
    const char *name = index->items[item].name;
    place->module = arena_copy(context->arena, name, strcspn(name, ":"));
    return json_node_text(node, "module", &place->module, context->arena,
                          diag) &&
           (place->module[0] == '\0' ||
            manifest_check_name(node, "module", place->module, diag)) &&
           json_node_u32(node, "order", 0, UINT32_MAX, &place->order, diag);
}

/* One of 'count' names; without a member '*value' stays. */
static bool read_word(const struct manifest_read_context *context,
                      const struct json_node *node, const char *key,
                      const char *const *names, unsigned count, unsigned *value)
{
    const char *name = NULL;
    const char *all = "";
    struct json_node member;
    if (!json_node_text(node, key, &name, context->arena, context->diag)) {
        return false;
    }
    for (unsigned i = 0; name != NULL && i < count; i++) {
        if (strcmp(name, names[i]) == 0) {
            *value = i;
            return true;
        }
        all = arena_format(context->arena, "%s%s%s", all, i > 0 ? ", " : "",
                           names[i]);
    }
    return name == NULL ||
           (json_node_member(node, key, &member) &&
            json_node_fail(&member, context->diag, "not one of %s", all));
}

static void name_param_kinds(const char *names[PATCH_PARAM_KINDS])
{
    for (unsigned i = 0; i < PATCH_PARAM_KINDS; i++) {
        names[i] = patch_param_name((enum f4e_param_kind)i);
    }
}

static bool read_param_kind(const struct manifest_read_context *context,
                            const struct json_node *node,
                            enum f4e_param_kind *kind)
{
    const char *names[PATCH_PARAM_KINDS];
    unsigned value = 0;
    name_param_kinds(names);
    bool is_good =
        json_node_need(node, "kind", context->diag) &&
        read_word(context, node, "kind", names, PATCH_PARAM_KINDS, &value);
    *kind = (enum f4e_param_kind)value;
    return is_good;
}

static bool read_param(const struct manifest_read_context *context,
                       const struct json_node *node,
                       const struct name_index *index, uint32_t row,
                       struct patch_param *param)
{
    struct diag *diag = context->diag;
    *param = (struct patch_param){0};
    struct place place = {NULL, row};
    if (!json_node_object(node, diag) ||
        !read_param_kind(context, node, &param->kind) ||
        !manifest_read_item_name(context, node, "item", index, &param->item) ||
        !read_place(context, node, index, param->item, &place) ||
        (param->kind == F4E_CROSSFADE &&
         !manifest_read_item_name(context, node, "item2", index,
                                  &param->item2))) {
        return false;
    }
    param->module = place.module;
    param->order = place.order;
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
    const char *kinds[PATCH_PARAM_KINDS];
    name_param_kinds(kinds);
    count = 0;
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (manifest_widget_is_foreign(context, &node, "param", kinds,
                                       PATCH_PARAM_KINDS)) {
            continue;
        }
        if (!read_param(context, &node, index, i, &params[count++])) {
            return false;
        }
    }
    context->manifest->params = params;
    context->manifest->param_count = count;
    return true;
}

static void name_view_kinds(const char *names[PATCH_VIEW_KINDS])
{
    for (unsigned i = 0; i < PATCH_VIEW_KINDS; i++) {
        names[i] = patch_view_name((enum f4e_view_kind)i);
    }
}

static bool read_view_kind(const struct manifest_read_context *context,
                           const struct json_node *node,
                           enum f4e_view_kind *kind)
{
    const char *names[PATCH_VIEW_KINDS];
    unsigned value = 0;
    name_view_kinds(names);
    bool is_good =
        json_node_need(node, "kind", context->diag) &&
        read_word(context, node, "kind", names, PATCH_VIEW_KINDS, &value);
    *kind = (enum f4e_view_kind)value;
    return is_good;
}

static bool read_format(const struct manifest_read_context *context,
                        const struct json_node *node,
                        enum f4e_view_format *format)
{
    const char *names[PATCH_VIEW_FORMATS];
    unsigned value = F4E_DECIMAL;
    for (unsigned i = 0; i < PATCH_VIEW_FORMATS; i++) {
        names[i] = patch_format_name((enum f4e_view_format)i);
    }
    bool is_good =
        read_word(context, node, "format", names, PATCH_VIEW_FORMATS, &value);
    *format = (enum f4e_view_format)value;
    return is_good;
}

/* An item that may be left out; '*item' stays then. */
static bool read_optional_item(const struct manifest_read_context *context,
                               const struct json_node *node, const char *key,
                               const struct name_index *index, uint32_t *item)
{
    struct json_node member;
    return !json_node_member(node, key, &member) ||
           manifest_read_item_name(context, node, key, index, item);
}

static bool read_first_key(const struct json_node *node, int32_t *key,
                           struct diag *diag)
{
    struct json_node member;
    double number = 0;
    if (!json_node_double(node, "firstKey", &number, diag)) {
        return false;
    }
    if (!(number >= INT32_MIN && number <= INT32_MAX) ||
        number != (double)(int32_t)number) {
        (void)json_node_member(node, "firstKey", &member);
        return json_node_fail(&member, diag, "not a whole number of 32 bits");
    }
    *key = (int32_t)number;
    return true;
}

/* The elements: which, how many. */
static bool read_run(const struct manifest_read_context *context,
                     const struct json_node *node,
                     const struct name_index *index, struct patch_view *view)
{
    struct diag *diag = context->diag;
    const struct patch_item *item = &index->items[view->item];
    view->count = 1;
    view->count_item = F4E_NO_ITEM;
    view->cursor_item = F4E_NO_ITEM;
    if (!json_node_u32(node, "index", 0, UINT32_MAX, &view->index, diag) ||
        !json_node_bool(node, "pointer", &view->is_pointee, diag)) {
        return false;
    }
    view->element = view->is_pointee ? item->pointee : item->element;
    if (view->is_pointee &&
        !manifest_read_element(context, node, "element", &view->element)) {
        return false;
    }
    if (!patch_view_has_run(view->kind)) {
        return true;
    }
    view->count = view->is_pointee ? 1 : item->count;
    if (!read_optional_item(context, node, "countItem", index,
                            &view->count_item) ||
        !read_optional_item(context, node, "cursorItem", index,
                            &view->cursor_item) ||
        !json_node_bool(node, "cursorAddress", &view->is_cursor_address,
                        diag)) {
        return false;
    }
    if (view->count_item != F4E_NO_ITEM) {
        view->count = 0;
        return true;
    }
    return json_node_u32(node, "count", 1, UINT32_MAX, &view->count, diag);
}

static void set_default_range(struct patch_view *view)
{
    bool is_float = view->element == F4E_F32 || view->element == F4E_F64;
    view->min = is_float ? -1 : patch_element_min(view->element);
    view->max = is_float ? 1 : patch_element_max(view->element);
}

static bool read_view(const struct manifest_read_context *context,
                      const struct json_node *node,
                      const struct name_index *index, uint32_t row,
                      struct patch_view *view)
{
    struct diag *diag = context->diag;
    struct place place = {NULL, row};
    *view = (struct patch_view){.rows = 1};
    if (!json_node_object(node, diag) ||
        !read_view_kind(context, node, &view->kind) ||
        !manifest_read_item_name(context, node, "item", index, &view->item) ||
        !read_run(context, node, index, view) ||
        !json_node_u32(node, "rows", 1, MAX_ROWS, &view->rows, diag) ||
        !read_place(context, node, index, view->item, &place)) {
        return false;
    }
    view->module = place.module;
    view->order = place.order;
    /* What the kind does not use stays 0, as with params. */
    if (view->kind == F4E_WATCH) {
        return read_format(context, node, &view->format);
    }
    if (view->kind == F4E_PIANO) {
        return read_first_key(node, &view->first_key, diag);
    }
    set_default_range(view);
    return json_node_double(node, "min", &view->min, diag) &&
           json_node_double(node, "max", &view->max, diag);
}

static bool read_views(const struct manifest_read_context *context,
                       const struct json_node *root,
                       const struct name_index *index)
{
    struct json_node list;
    uint32_t count = 0;
    if (!json_node_list(root, "views", MAX_VIEWS, &list, &count,
                        context->diag)) {
        return false;
    }
    struct patch_view *views =
        arena_alloc(context->arena, count, sizeof(*views));
    struct json_node node = {0};
    const char *kinds[PATCH_VIEW_KINDS];
    name_view_kinds(kinds);
    count = 0;
    for (uint32_t i = 0; json_node_next(&list, &node); i++) {
        if (manifest_widget_is_foreign(context, &node, "view", kinds,
                                       PATCH_VIEW_KINDS)) {
            continue;
        }
        if (!read_view(context, &node, index, i, &views[count++])) {
            return false;
        }
    }
    context->manifest->views = views;
    context->manifest->view_count = count;
    return true;
}

bool manifest_read_widgets(const struct manifest_read_context *context,
                           const struct json_node *root,
                           const struct name_index *index)
{
    return read_params(context, root, index) &&
           read_views(context, root, index);
}
