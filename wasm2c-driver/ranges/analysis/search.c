/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/search.h"

#include "ranges/analysis/roots.h"

#include <math.h>
#include <string.h>

enum {
    MAX_PASSES = 400,
    EXTRAPOLATED_PASSES = 4, /* with a trial after each */
};

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

/* The words that hold 'size' bytes at 'address', which are an array's. */
static void add_array(struct memory_model *memory, uint32_t index,
                      uint64_t address, uint64_t size)
{
    const struct range top = range_top();
    uint64_t base = (uint64_t)index << 32;
    uint64_t limit = memory->initial->memories[index].limit & ~UINT64_C(3);
    uint64_t end = (address + size + 3) & ~UINT64_C(3);
    uint64_t start = address & ~UINT64_C(3);
    end = end < limit ? end : limit;
    if (start < end) {
        memory_weak_update(memory, base + start, base + end, &top);
    }
}

/* Another sound may be loaded at any time. */
static void add_asset(struct memory_model *memory,
                      const struct patch_asset *asset)
{
    add_array(memory, 0, asset->address,
              asset->capacity > asset->size ? asset->capacity : asset->size);
}

/* A piano: any keys, and how many of them are held. */
static void add_view(struct memory_model *memory, const struct patch *patch,
                     const struct patch_view *view)
{
    if (view->kind == F4E_PIANO && !view->is_pointee &&
        view->count_item != F4E_NO_ITEM) {
        const struct patch_item *keys = &patch->items[view->item];
        const struct patch_item *count = &patch->items[view->count_item];
        const struct range held = interval(0, view->count);
        add_array(memory, keys->memory, keys->address,
                  (uint64_t)view->count * element_bytes[keys->element]);
        add_bytes(memory, count->memory, count->address, sizeof(uint32_t),
                  &held);
    }
}

/*
 * Words that the host writes while the patch plays, because the project says
 * so: the keyboard's, those of sliders, buttons, switches, crossfades and
 * pianos, and the targets of assets. What a proof takes for granted of such a
 * word would not last longer than the first key. Between calls each of them may
 * hold what the host may write there.
 */
static void add_host_words(struct memory_model *memory,
                           const struct patch *patch)
{
    add_keyboard(memory, patch->keyboard_code);
    add_keyboard(memory, patch->keyboard_pressed);
    for (uint32_t i = 0; i < patch->param_count; i++) {
        add_param(memory, patch, &patch->params[i]);
    }
    for (uint32_t i = 0; i < patch->view_count; i++) {
        add_view(memory, patch, &patch->views[i]);
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        add_asset(memory, &patch->assets[i]);
    }
}

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
    add_host_words(&search->memory, patch);
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
