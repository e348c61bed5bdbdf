/* SPDX-License-Identifier: MIT */
#include "project/layout/layout_internal.h"

const struct constant *environment_find(const struct layout *layout,
                                        struct span name)
{
    const struct environment *environment = &layout->environment;
    const uint32_t *index = table_get(&environment->names, 0, name);
    return index == NULL ? NULL : &environment->list[*index];
}

void environment_clear(struct layout *layout)
{
    layout->environment.count = 0;
    table_clear(&layout->environment.names);
}

void environment_put(struct layout *layout, struct constant constant)
{
    struct environment *environment = &layout->environment;
    bool is_new = false;
    uint32_t *index = table_put(&environment->names, 0, constant.name,
                                environment->count, &is_new);
    if (!is_new) {
        environment->list[*index] = constant;
        return;
    }
    if (environment->count == environment->capacity) {
        uint32_t capacity = 2 * environment->capacity + 16;
        struct constant *list =
            arena_alloc(layout->arena, capacity, sizeof(*list));
        for (uint32_t i = 0; i < environment->count; i++) {
            list[i] = environment->list[i];
        }
        environment->list = list;
        environment->capacity = capacity;
    }
    environment->list[environment->count++] = constant;
}
