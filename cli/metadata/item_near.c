/* SPDX-License-Identifier: MIT */
#include "metadata/item_near.h"

#include "common/nearest.h"

const char *item_near(const struct manifest *manifest, const char *name)
{
    const char *found = NULL;
    size_t best = nearest_limit(name) + 1;
    for (uint32_t i = 0; i < manifest->item_count; i++) {
        const char *item = manifest->items[i].name;
        const char *colon = strchr(item, ':');
        size_t whole = nearest_distance(name, item);
        size_t part = colon != NULL ? nearest_distance(name, colon + 1) : whole;
        size_t distance = part < whole ? part : whole;
        if (distance < best) {
            best = distance;
            found = item;
        }
    }
    return found;
}
