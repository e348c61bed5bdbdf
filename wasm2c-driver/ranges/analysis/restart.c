/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/restart.h"

/* Variable addresses of accesses, by whether they go over cells. */
struct addresses {
    struct range *list;
    uint32_t count, capacity;
    bool has_wide; /* an access goes over cells */
};

static bool is_variable(const struct search *search, const struct body_op *op)
{
    if (op->site == BODY_NO_SITE ||
        !(body_is_load(op->insn.code) || body_is_store(op->insn.code))) {
        return false;
    }
    const struct walk_site *site = &search->walk.sites[op->site];
    return site->is_reached && site->is_inside &&
           !range_is_constant(&site->address);
}

static void add_address(struct addresses *addresses,
                        const struct search *search, const struct body_op *op,
                        struct arena *arena)
{
    const struct range *address = &search->walk.sites[op->site].address;
    uint64_t base = ((uint64_t)op->insn.index2 << 32) + op->insn.memarg_offset;
    if (memory_has_cell(&search->memory, base + (uint32_t)address->lo,
                        base + (uint32_t)address->hi + 1)) {
        addresses->has_wide = true;
        return;
    }
    addresses->list =
        arena_grow(arena, addresses->list, addresses->count,
                   &addresses->capacity, sizeof(*addresses->list));
    addresses->list[addresses->count++] = *address;
}

static void find_addresses(struct addresses *addresses,
                           const struct search *search, struct arena *arena)
{
    const struct wasm_bodies *bodies = search->walk.bodies;
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *body = &bodies->functions[i];
        for (uint32_t k = 0; k < body->op_count; k++) {
            if (is_variable(search, &body->ops[k])) {
                add_address(addresses, search, &body->ops[k], arena);
            }
        }
    }
}

/* Pointers keep their bounds: words that hold just what an access goes over. */
static void keep_pointers(struct memory_model *memory,
                          const struct memory_model *settled,
                          const struct addresses *addresses)
{
    for (uint32_t i = 0; i < settled->cells.count; i++) {
        const struct memory_span *cell = &settled->cells.spans[i];
        for (uint32_t k = 0; k < addresses->count; k++) {
            const struct range *address = &addresses->list[k];
            if (address->lo == cell->range.lo &&
                address->hi == cell->range.hi) {
                memory_join_exit(memory, cell->start, &cell->range);
                break;
            }
        }
    }
    for (uint32_t i = 0; i < settled->writes.count; i++) {
        const struct memory_span *span = &settled->writes.spans[i];
        memory_weak_update(memory, span->start, span->end, &span->range);
    }
}

struct search *restart_search(struct search *search, const struct patch *patch,
                              struct arena *arena)
{
    bool is_any_loose = false;
    struct addresses addresses = {0};
    find_addresses(&addresses, search, arena);
    if (!addresses.has_wide || addresses.count == 0) {
        return search;
    }
    struct search *again = arena_alloc(arena, 1, sizeof(*again));
    search_begin(again, search->walk.bodies, search->memory.initial, patch,
                 arena);
    keep_pointers(&again->memory, &search->memory, &addresses);
    search_run(again, patch);
    bool is_better =
        again->failure == NULL && search_measure(again, &is_any_loose) <
                                      search_measure(search, &is_any_loose);
    return is_better ? again : search;
}
