/* SPDX-License-Identifier: MIT */
#include "ranges/promote/spans.h"

#include <stdlib.h>

void spans_add(struct spans *spans, struct span span, struct arena *arena)
{
    spans->items = arena_grow(arena, spans->items, spans->count,
                              &spans->capacity, sizeof(*spans->items));
    spans->items[spans->count++] = span;
}

int spans_compare(const struct span *a, const struct span *b)
{
    if (a->start != b->start) {
        return a->start < b->start ? -1 : 1;
    }
    return (a->end > b->end) - (a->end < b->end);
}

static int compare_items(const void *left, const void *right)
{
    return spans_compare(left, right);
}

void spans_settle(struct spans *spans)
{
    uint32_t count = 0;
    if (spans->count > 0) {
        qsort(spans->items, spans->count, sizeof(*spans->items), compare_items);
    }
    for (uint32_t i = 0; i < spans->count; i++) {
        struct span *last = count > 0 ? &spans->items[count - 1] : NULL;
        if (last != NULL && spans->items[i].start <= last->end) {
            last->end = spans->items[i].end > last->end ? spans->items[i].end
                                                        : last->end;
        } else {
            spans->items[count++] = spans->items[i];
        }
    }
    spans->count = count;
}

uint32_t spans_find(const struct spans *spans, uint64_t address)
{
    uint32_t low = 0;
    uint32_t high = spans->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (spans->items[middle].end <= address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool spans_meet(const struct spans *spans, struct span span)
{
    uint32_t at = spans_find(spans, span.start);
    return at < spans->count && spans->items[at].start < span.end;
}
