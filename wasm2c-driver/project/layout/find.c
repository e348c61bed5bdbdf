/* SPDX-License-Identifier: MIT */
#include "project/project.h"

#include "project/parse/span.h"

uint32_t project_find_item(const struct project *project, const char *name)
{
    uint32_t low = 0;
    uint32_t high = project->item_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t item = project->items_by_name[middle];
        int order = strcmp(project->items[item].name, name);
        if (order == 0) {
            return item;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return PROJECT_NONE;
}

/* Without a '&' in front, a '[n]' and a '&' behind. */
static struct span undecorated(struct span name)
{
    if (span_starts(name, "&")) {
        name = span_from(name, 1);
    }
    if (span_ends(name, "]")) {
        const char *open = memchr(name.bytes, '[', name.length);
        if (open != NULL) {
            name = span_first(name, (size_t)(open - name.bytes));
        }
    }
    return span_ends(name, "&") ? span_first(name, name.length - 1) : name;
}

bool project_find_address(const struct project *project,
                          const struct project_value *value, uint32_t *address,
                          uint32_t *item)
{
    uint32_t unused = 0;
    uint32_t *found = item == NULL ? &unused : item;
    *found = PROJECT_NONE;
    if (value->text == NULL) {
        *address = value->number <= UINT32_MAX / 4 ? 4 * (uint32_t)value->number
                                                   : PROJECT_NONE;
        return *address != PROJECT_NONE;
    }
    struct span name = undecorated(span_of(value->text));
    const char *colon =
        name.length == 0 ? NULL : memchr(name.bytes, ':', name.length);
    if (colon == NULL) {
        return false;
    }
    /* A name that was written without its module has the '&' behind it. */
    struct span module = span_first(name, (size_t)(colon - name.bytes));
    struct span id = undecorated(span_from(name, module.length + 1));
    struct arena arena;
    arena_init(&arena, 0);
    *found = project_find_item(
        project, arena_format(&arena, "%.*s:%.*s", (int)module.length,
                              module.bytes, (int)id.length, id.bytes));
    arena_deinit(&arena);
    if (*found == PROJECT_NONE || project->items[*found].memory != 0) {
        return false;
    }
    *address = project->items[*found].address;
    return true;
}
