/* SPDX-License-Identifier: MIT */
#include "panel/view.h"

#include "common/element.h"

enum { WORD_BYTES = 4 };

/* An integer element of an item that is known to have it. */
static int64_t read_item(const struct f4e_patch *patch, unsigned item,
                         uint32_t index)
{
    const struct f4e_item *at = &patch->items[item];
    uint8_t bytes[ELEMENT_BYTES_MAX];
    element_peek(at->element,
                 patch->memories[at->memory].data + at->address +
                     (size_t)index * element_bytes(at->element),
                 bytes);
    return (int64_t)element_decode(at->element, bytes);
}

/* An int32 as the byte address that it stands for. */
static uint32_t read_address(const struct f4e_patch *patch, unsigned item,
                             uint32_t index)
{
    return (uint32_t)read_item(patch, item, index);
}

/* How many elements from run->address on: 'wanted', as far as memory goes. */
static uint32_t clip(const struct f4e_patch *patch, const struct view_run *run,
                     int64_t wanted)
{
    uint64_t bytes = patch->memories[run->memory].bytes;
    uint64_t room = run->address < bytes
                        ? (bytes - run->address) / element_bytes(run->element)
                        : 0;
    return wanted <= 0               ? 0
           : (uint64_t)wanted < room ? (uint32_t)wanted
                                     : (uint32_t)room;
}

static uint32_t find_cursor(const struct f4e_patch *patch,
                            const struct f4e_view *view,
                            const struct view_run *run)
{
    if (view->cursor_item == F4E_NO_ITEM || run->count == 0) {
        return VIEW_NO_CURSOR;
    }
    uint32_t at = view->is_cursor_address
                      ? patch->items[view->cursor_item].address
                      : read_address(patch, view->cursor_item, 0);
    uint32_t index = at > run->address
                         ? (at - run->address) / element_bytes(run->element)
                         : 0;
    return index < run->count ? index : run->count - 1;
}

struct view_run view_run(const struct f4e_patch *patch,
                         const struct f4e_view *view)
{
    const struct f4e_item *item = &patch->items[view->item];
    struct view_run run = {
        .element = view->element,
        .memory = item->memory,
        .address = item->address + view->index * element_bytes(item->element),
        .cursor = VIEW_NO_CURSOR,
    };
    if (view->format == F4E_LAST_ADDRESS) {
        run.address = item->address;
        run.address +=
            item->capacity > WORD_BYTES ? item->capacity - WORD_BYTES : 0;
    }
    if (view->format == F4E_ADDRESS || view->format == F4E_LAST_ADDRESS) {
        return run;
    }
    if (view->is_pointee) {
        run.address = read_address(patch, view->item, view->index);
    }
    int64_t wanted = view->count_item != F4E_NO_ITEM
                         ? read_item(patch, view->count_item, 0)
                         : view->count;
    if (view->kind == F4E_PIANO && wanted > item->count) {
        wanted = item->count;
    }
    run.count = clip(patch, &run, wanted);
    run.data =
        run.count > 0 ? patch->memories[run.memory].data + run.address : NULL;
    run.cursor = find_cursor(patch, view, &run);
    return run;
}

double view_element(const struct view_run *run, uint32_t index)
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    element_peek(run->element,
                 run->data + (size_t)index * element_bytes(run->element),
                 bytes);
    return element_decode(run->element, bytes);
}

double view_level(const struct f4e_view *view, double value)
{
    double low = view->min;
    double width = view->max - view->min;
    if (view->min < 0.0 && view->max > 0.0) {
        low = 0.0;
        width = -view->min > view->max ? -view->min : view->max;
        value = value < 0.0 ? -value : value;
    }
    double level = width != 0.0 ? (value - low) / width : 0.0;
    return level > 1.0 ? 1.0 : level > 0.0 ? level : 0.0;
}

const char *view_kind(const struct f4e_view *view)
{
    static const char names[][6] = {"watch", "meter", "plot",
                                    "bars",  "wave",  "piano"};
    return names[view->kind];
}

const char *view_format(const struct f4e_view *view)
{
    static const char names[][12] = {"decimal", "hex", "binary", "address",
                                     "lastAddress"};
    return names[view->format];
}
