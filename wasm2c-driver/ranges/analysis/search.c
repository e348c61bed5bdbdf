/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/search.h"

#include "ranges/analysis/host_words.h"
#include "ranges/analysis/roots.h"

#include <string.h>

enum {
    MAX_PASSES = 400,
    EXTRAPOLATED_PASSES = 4, /* with a trial after each */
};

static void add_host_writes(struct memory_model *memory,
                            const struct patch *patch)
{
    const struct range top = range_top();
    for (uint32_t i = 0; i < patch->input_count; i++) {
        uint64_t start = patch->inputs[i].address;
        memory_weak_update(memory, start & ~UINT64_C(3),
                           (start + patch->block_frames * UINT64_C(4) + 3) &
                               ~UINT64_C(3),
                           &top);
    }
    for (uint32_t i = 0; i < memory->initial->partly_written_count; i++) {
        const struct partly_written *partly_written =
            &memory->initial->partly_written[i];
        uint64_t base = (uint64_t)partly_written->memory << 32;
        memory_weak_update(memory, base + partly_written->start,
                           base + partly_written->end, &top);
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        uint64_t start = patch->assets[i].address;
        if (patch->assets[i].size > 0) {
            memory_weak_update(memory, start & ~UINT64_C(3),
                               (start + patch->assets[i].size + 3) &
                                   ~UINT64_C(3),
                               &memory->initial->below_assets[i]);
        }
    }
}

static bool walk_roots(struct walk *walk, const struct patch *patch)
{
    for (uint32_t i = 0; i < patch->module->export_count; i++) {
        if (roots_contain(patch, i) &&
            !walk_call(walk, patch->module->exports[i].index)) {
            return false;
        }
    }
    return true;
}

/* A pass to see where cells tend to. */
static bool extrapolate_pass(struct walk *walk, struct memory_model *memory,
                             const struct patch *patch)
{
    bool ok = true;
    if (memory_begin_extrapolation(memory)) {
        ok = walk_roots(walk, patch);
        memory_end_extrapolation(memory);
    }
    return ok;
}

void search_begin(struct search *search, const struct wasm_bodies *bodies,
                  const struct initial_memory *initial,
                  const struct patch *patch, struct arena *arena)
{
    search->passes = 0;
    search->failure = NULL;
    memory_init(&search->memory, initial, arena);
    walk_init(&search->walk, bodies, &search->memory, arena);
    add_host_writes(&search->memory, patch);
    host_words_add(&search->memory, patch);
}

void search_continue(struct search *search, const struct search *before,
                     struct arena *arena)
{
    search->passes = 0;
    search->failure = NULL;
    memory_copy(&search->memory, &before->memory);
    walk_init(&search->walk, before->walk.bodies, &search->memory, arena);
}

/* Some passes are followed by a trial; not before bounds may jump. */
static bool is_extrapolated(const struct search *search)
{
    return search->passes > search->memory.widening_delay &&
           search->passes <=
               search->memory.widening_delay + EXTRAPOLATED_PASSES;
}

/*
 * Calls in any order, any number of them: until a call of each finds nothing
 * that was not there before. The last pass, from what is then known to hold,
 * gives the result.
 */
void search_run(struct search *search, const struct patch *patch)
{
    struct memory_model *memory = &search->memory;
    struct walk *walk = &search->walk;
    do {
        if (search->passes == MAX_PASSES) {
            search->failure = "what calls leave in memory does not settle";
            return;
        }
        walk->heads.pass = ++search->passes;
        memory_begin_pass(memory);
        memory->is_recording = true;
        memset(walk->sites, 0, walk->bodies->site_count * sizeof(*walk->sites));
        if (!walk_roots(walk, patch) ||
            (memory->has_grown && is_extrapolated(search) &&
             !extrapolate_pass(walk, memory, patch))) {
            search->failure = walk->failure;
            return;
        }
    } while (memory->has_grown);
}

/* Where an access can go, in bytes: all of 32 bits where it may trap. */
uint64_t search_spread(const struct walk_site *site)
{
    return !site->is_inside
               ? UINT32_MAX
               : (uint64_t)((int64_t)site->address.hi - site->address.lo);
}

/*
 * Whether a variable address is not proven, or goes far: to where nothing but
 * the size of the memory keeps it inside, or over much of it and over words
 * that are used on their own.
 */
static bool is_loose(const struct search *search, const struct body_op *op,
                     const struct walk_site *site)
{
    enum { MUCH = 4, WIDEST = 8 };
    uint32_t memory = op->insn.index2;
    uint64_t limit = search->walk.bodies->module->memories[memory].limits.min *
                     WASM_PAGE_BYTES;
    uint64_t base = ((uint64_t)memory << 32) + op->insn.memarg_offset;
    if (!site->is_reached || range_is_constant(&site->address)) {
        return false;
    }
    if (!site->is_inside) {
        return true;
    }
    uint64_t first = (uint32_t)site->address.lo;
    uint64_t last = (uint32_t)site->address.hi;
    return last + op->insn.memarg_offset + WIDEST >= limit ||
           (last - first >= limit / MUCH &&
            memory_has_cell(&search->memory, base + first, base + last));
}

/* How far all accesses can go together, and whether one goes too far. */
uint64_t search_measure(const struct search *search, bool *is_any_loose)
{
    const struct wasm_bodies *bodies = search->walk.bodies;
    uint64_t sum = 0;
    *is_any_loose = false;
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *body = &bodies->functions[i];
        for (uint32_t k = 0; k < body->op_count; k++) {
            const struct body_op *op = &body->ops[k];
            if (op->site == BODY_NO_SITE || !(body_is_load(op->insn.code) ||
                                              body_is_store(op->insn.code))) {
                continue;
            }
            const struct walk_site *site = &search->walk.sites[op->site];
            sum += site->is_reached ? search_spread(site) : 0;
            *is_any_loose = *is_any_loose || is_loose(search, op, site);
        }
    }
    return sum;
}
