/* SPDX-License-Identifier: MIT */
#include "project/layout/widget_internal.h"

/* Cut "[n]" off the end. Without digits it belongs to the name, and no item is
 * called so. */
static void read_index(struct widget_id *id)
{
    struct span text = id->name;
    size_t open = text.length;
    uint64_t index = 0;
    for (size_t i = 0; i < text.length; i++) {
        open = text.bytes[i] == '[' ? i : open;
    }
    if (!span_ends(text, "]") || open + 2 >= text.length) {
        return;
    }
    for (size_t i = open + 1; i + 1 < text.length; i++) {
        if (text.bytes[i] < '0' || text.bytes[i] > '9') {
            return;
        }
        index = 10 * index + (uint64_t)(text.bytes[i] - '0');
        index = index < UINT32_MAX ? index : UINT32_MAX;
    }
    id->index = (uint32_t)index;
    id->name = span_first(text, open);
}

static void read_last(struct widget_id *id)
{
    if (span_ends(id->name, "&")) {
        id->is_last = true;
        id->name = span_first(id->name, id->name.length - 1);
    }
}

struct widget_id widget_id_read(struct span text)
{
    struct widget_id id = {.name = text};
    if (span_starts(text, "0x") || span_starts(text, "0b")) {
        id.format = span_starts(text, "0x") ? F4E_HEX : F4E_BINARY;
        id.name = span_from(text, 2);
    }
    while (span_starts(id.name, "&") || span_starts(id.name, "*")) {
        id.is_address = id.is_address || *id.name.bytes == '&';
        id.is_pointee = id.is_pointee || *id.name.bytes == '*';
        id.name = span_from(id.name, 1);
    }
    read_last(&id);
    read_index(&id);
    read_last(&id);
    return id;
}

bool widget_find_item(struct widget_list *list, const struct directive *widget,
                      struct span name, uint32_t *item)
{
    struct arena *arena = list->layout->arena;
    bool has_module =
        name.length > 0 && memchr(name.bytes, ':', name.length) != NULL;
    const char *owner = list->block->id == NULL ? "" : list->block->id;
    char *full = has_module ? span_copy(name, arena)
                            : arena_format(arena, "%s:%.*s", owner,
                                           (int)name.length, name.bytes);
    *item = project_find_item(list->layout->project, full);
    if (*item == PROJECT_NONE) {
        notices_add(&list->notices, list->line,
                    "@%s is ignored: no variable is called '%s'",
                    span_print(widget->name, arena),
                    span_print(span_of(full), arena));
        return false;
    }
    return true;
}

/* The last declaration of a module up to 'row': its rows ascend. */
static const struct declaration *
find_declaration(const struct layout *layout,
                 const struct layout_module *module, uint32_t row)
{
    uint32_t low = module->first;
    uint32_t high = module->first + module->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (layout->declarations[middle].row <= row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > module->first ? &layout->declarations[low - 1] : NULL;
}

bool widget_declared(const struct widget_list *list, uint32_t row,
                     struct span *name)
{
    const struct layout *layout = list->layout;
    if (list->block->kind != TEXT_MODULE) {
        return false;
    }
    const uint32_t *module =
        table_get(&layout->module_ids, 0, span_of(list->block->id));
    if (module == NULL || layout->modules[*module].block != list->block) {
        return false;
    }
    /* A 'shape' line has declarations too, with the prototype's lines. */
    const struct declaration *declaration =
        find_declaration(layout, &layout->modules[*module], row);
    if (declaration == NULL || declaration->row != row ||
        declaration->line != list->line) {
        return false;
    }
    *name = declaration->id;
    return true;
}
