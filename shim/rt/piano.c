/* SPDX-License-Identifier: MIT */
#include "rt/piano.h"

#include <string.h>

unsigned piano_bytes(enum f4e_element element)
{
    return element < F4E_I16   ? 1
           : element < F4E_I32 ? 2
           : element < F4E_F64 ? 4
                               : 8;
}

static const uint8_t *start_of(const struct f4e_patch *patch, unsigned item)
{
    return patch->memories[patch->items[item].memory].data +
           patch->items[item].address;
}

/* No memcmp(): it may not be among the functions of rt/. */
static bool is_same(const uint8_t *a, const uint8_t *b, unsigned size)
{
    unsigned i = 0;
    while (i < size && a[i] == b[i]) {
        i++;
    }
    return i == size;
}

struct piano_step piano_act(const struct f4e_patch *patch,
                            const struct f4e_view *view,
                            enum piano_action action, const uint8_t *key)
{
    unsigned size = piano_bytes(view->element);
    uint32_t room = view->count < PIANO_KEYS_MAX ? view->count : PIANO_KEYS_MAX;
    int32_t counted;
    memcpy(&counted, start_of(patch, view->count_item), sizeof(counted));
    uint32_t count = counted < 0 ? 0 : (uint32_t)counted;
    count = count < room ? count : room;
    const uint8_t *keys = start_of(patch, view->item);
    uint32_t at = 0;
    while (at < count && !is_same(keys + (size_t)at * size, key, size)) {
        at++;
    }
    bool is_held = at < count;
    bool is_down = action == PIANO_DOWN || (action == PIANO_TOGGLE && !is_held);
    if (is_down == is_held || (is_down && count == room)) {
        return (struct piano_step){.count = count};
    }
    return (struct piano_step){.is_change = true,
                               .is_added = is_down,
                               .first = at,
                               .count = is_down ? count + 1 : count - 1};
}
