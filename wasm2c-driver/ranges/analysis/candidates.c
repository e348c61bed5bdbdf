/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/candidates.h"

#include "ranges/memory/initial_memory.h"

enum {
    MAX_ROWS = 256, /* of a table that are kept apart */
    PATIENCE = 8,   /* growths between calls before widening */
};

/* Add the bounds of an array of 'count' elements, as addresses and as
 * indices. */
static void add_array(struct memory_model *memory, uint64_t start, uint64_t end,
                      uint64_t count)
{
    const uint64_t numbers[] = {start, end, count};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (numbers[i] <= INT32_MAX) {
            memory_add_extent(memory, (int32_t)numbers[i]);
        }
    }
}

static void add_extents(struct memory_model *memory, const struct patch *patch,
                        const struct wasm_bodies *bodies,
                        const struct observation *observation)
{
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        if (item->is_array) {
            add_array(memory, item->address,
                      (uint64_t)item->address + item->capacity, item->count);
        }
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        const struct patch_asset *asset = &patch->assets[i];
        add_array(memory, asset->address,
                  (uint64_t)asset->address + asset->size, asset->size);
    }
    for (uint32_t i = 0; i < bodies->site_count; i++) {
        const struct range *address = &observation->sites[i].address;
        if (observation->sites[i].is_seen && !range_is_constant(address)) {
            add_array(memory, (uint32_t)address->lo, (uint32_t)address->hi,
                      (uint32_t)address->hi - (uint32_t)address->lo);
        }
    }
    for (uint32_t i = 0; i < memory->initial->memory_count; i++) {
        add_array(memory, 0, memory->initial->memories[i].limit, 0);
    }
}

/* A store to many addresses: any of them may hold what any visit has stored. */
static void assume_store(struct memory_model *memory, const struct body_op *op,
                         const struct observe_site *site)
{
    const struct range *address = &site->address;
    if (op->insn.code != CODE_I32_STORE || !site->is_seen ||
        range_is_constant(address) || address->lo < 0 || address->bits < 2 ||
        (address->residue & 3) != 0) {
        return;
    }
    uint64_t base = (uint64_t)op->insn.index2 << 32;
    uint64_t first = base + (uint32_t)address->lo;
    uint64_t end = base + (uint32_t)address->hi + 4;
    uint64_t row = UINT64_C(1) << address->bits;
    if (row == 4 || (end - first) / row >= MAX_ROWS) {
        memory_weak_update(memory, first, end, &site->value);
        return;
    }
    for (uint64_t at = first; at < end; at += row) {
        memory_weak_update(memory, at, at + 4, &site->value);
    }
}

void candidates_assume(struct memory_model *memory, const struct patch *patch,
                       const struct wasm_bodies *bodies,
                       const struct observation *observation,
                       const struct memory_list *cells)
{
    memory->widening_delay = PATIENCE;
    add_extents(memory, patch, bodies, observation);
    for (uint32_t i = 0; i < cells->count; i++) {
        memory_join_exit(memory, cells->spans[i].start, &observation->cells[i]);
    }
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *body = &bodies->functions[i];
        for (uint32_t k = 0; k < body->op_count; k++) {
            const struct body_op *op = &body->ops[k];
            if (op->site != BODY_NO_SITE) {
                assume_store(memory, op, &observation->sites[op->site]);
            }
        }
    }
}
