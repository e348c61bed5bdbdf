/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/host_words.h"

#include <math.h>

/* Of each element, in the order of enum f4e_element. */
static const uint32_t element_bytes[] = {1, 1, 2, 2, 4, 4, 8};

static struct range interval(double lo, double hi)
{
    struct range range = range_top();
    if (lo <= hi && floor(lo) >= INT32_MIN && ceil(hi) <= INT32_MAX) {
        range.lo = (int32_t)floor(lo);
        range.hi = (int32_t)ceil(hi);
    }
    return range;
}

/* The words that hold 'size' bytes at 'address'. */
static void add_bytes(struct memory_model *memory, uint32_t index,
                      uint64_t address, uint64_t size,
                      const struct range *range)
{
    uint64_t limit = memory->initial->memories[index].limit;
    uint64_t base = (uint64_t)index << 32;
    uint64_t end = (address + size + 3) & ~UINT64_C(3);
    for (uint64_t at = address & ~UINT64_C(3); at < end && at + 4 <= limit;
         at += 4) {
        memory_join_exit(memory, base + at, range);
    }
}

static void add_keyboard(struct memory_model *memory, uint32_t address)
{
    const struct range top = range_top();
    if (address != 0) {
        add_bytes(memory, 0, address, sizeof(uint32_t), &top);
    }
}

/* A word of its own may hold what is between the ends; a part of a word mixes
 * with the rest of it. */
static void add_item(struct memory_model *memory, const struct patch_item *item,
                     const struct patch_param *param, double lo, double hi)
{
    bool is_int = item->element == F4E_I32 && item->address % 4 == 0 &&
                  !param->is_float_bits;
    const struct range range = is_int ? interval(lo, hi) : range_top();
    add_bytes(memory, item->memory, item->address, element_bytes[item->element],
              &range);
}

static void add_param(struct memory_model *memory, const struct patch *patch,
                      const struct patch_param *param)
{
    const struct patch_item *item = &patch->items[param->item];
    switch (param->kind) {
    case F4E_SLIDER:
        add_item(memory, item, param, param->min, param->max);
        break;
    case F4E_BUTTON:
    case F4E_SWITCH:
        add_item(memory, item, param, fmin(param->off, param->on),
                 fmax(param->off, param->on));
        break;
    case F4E_CROSSFADE:
        add_item(memory, item, param, 0, 1);
        add_item(memory, &patch->items[param->item2], param, 0, 1);
        break;
    }
}

/* Another sound may be loaded at any time. */
static void add_asset(struct memory_model *memory,
                      const struct patch_asset *asset)
{
    const struct range top = range_top();
    uint64_t size =
        asset->capacity > asset->size ? asset->capacity : asset->size;
    uint64_t limit = memory->initial->memories[0].limit & ~UINT64_C(3);
    uint64_t end = ((uint64_t)asset->address + size + 3) & ~UINT64_C(3);
    end = end < limit ? end : limit;
    uint64_t start = asset->address & ~UINT32_C(3);
    if (start < end) {
        memory_weak_update(memory, start, end, &top);
    }
}

void host_words_add(struct memory_model *memory, const struct patch *patch)
{
    add_keyboard(memory, patch->keyboard_code);
    add_keyboard(memory, patch->keyboard_pressed);
    for (uint32_t i = 0; i < patch->param_count; i++) {
        add_param(memory, patch, &patch->params[i]);
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        add_asset(memory, &patch->assets[i]);
    }
}
