/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/analysis.h"

#include "ranges/analysis/candidates.h"
#include "ranges/analysis/roots.h"

#include <string.h>

enum {
    MAX_PASSES = 400,
    EXTRAPOLATED_PASSES = 4, /* each followed by an extrapolation */
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

/* A pass that proposes targets for growing cells. */
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

/* One search for an invariant: the memory model, and the walk that grows it. */
struct search {
    struct memory_model memory;
    struct walk walk;
    uint32_t passes;
    const char *failure;
};

static void begin_search(struct search *search,
                         const struct wasm_bodies *bodies,
                         const struct initial_memory *initial,
                         const struct patch *patch, struct arena *arena)
{
    search->passes = 0;
    search->failure = NULL;
    memory_init(&search->memory, initial, arena);
    walk_init(&search->walk, bodies, &search->memory, arena);
    add_host_writes(&search->memory, patch);
}

/* Whether this pass is followed by an extrapolation; not before widening
 * begins. */
static bool is_extrapolated(const struct search *search)
{
    return search->passes > search->memory.widening_delay &&
           search->passes <=
               search->memory.widening_delay + EXTRAPOLATED_PASSES;
}

/*
 * Iterate over all roots until a pass adds nothing: then the model is an
 * invariant, whatever the order and number of calls. What that last pass has
 * seen of each site is the result.
 */
static void find_fixed_point(struct search *search, const struct patch *patch)
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

static const char *find_obstacle(const struct patch *patch, bool has_host_code)
{
    if (has_host_code) {
        return "functions of --import-c may write the memory";
    }
    if (patch->module->has_start) {
        return "the module has a start function";
    }
    if (patch->is_recursive) {
        return "functions call each other in a circle, or very deep";
    }
    return NULL;
}

/* The size of an access's address range, in bytes; all of 32 bits where it may
 * trap. */
static uint64_t spread(const struct walk_site *site)
{
    return !site->is_inside
               ? UINT32_MAX
               : (uint64_t)((int64_t)site->address.hi - site->address.lo);
}

/* Whether a variable address is not proven, or imprecise: bounded by nothing
 * but the size of the memory, or over much of it and over cells. */
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

/* The sum of the sizes of all address ranges, and whether one is loose. */
static uint64_t measure(const struct search *search, bool *is_any_loose)
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
            sum += site->is_reached ? spread(site) : 0;
            *is_any_loose = *is_any_loose || is_loose(search, op, site);
        }
    }
    return sum;
}

/* Search from an observed run where the first result is loose ('is_always':
 * anywhere). NULL when that is no more precise. */
static struct search *search_again(const struct search *first,
                                   const struct patch *patch, bool is_always,
                                   struct observation *observation,
                                   struct arena *arena)
{
    const struct wasm_bodies *bodies = first->walk.bodies;
    bool is_any_loose = false;
    uint64_t spread_before = measure(first, &is_any_loose);
    if ((!is_any_loose && !is_always) ||
        !observe_run(observation, patch, bodies, &first->memory.cells, arena)) {
        return NULL;
    }
    struct search *again = arena_alloc(arena, 1, sizeof(*again));
    begin_search(again, bodies, first->memory.initial, patch, arena);
    candidates_assume(&again->memory, patch, bodies, observation,
                      &first->memory.cells);
    find_fixed_point(again, patch);
    return again->failure == NULL &&
                   (is_always || measure(again, &is_any_loose) < spread_before)
               ? again
               : NULL;
}

static void run(struct analysis *analysis, const struct patch *patch,
                bool has_host_code, bool is_always, struct arena *arena)
{
    struct initial_memory *initial = arena_alloc(arena, 1, sizeof(*initial));
    struct search *search = arena_alloc(arena, 1, sizeof(*search));
    *analysis = (struct analysis){
        .block_function = patch->is_driven_by_main ? patch->main_function
                                                   : patch->buffer_function};
    body_decode_all(&analysis->bodies, patch->module, arena);
    analysis->sites = arena_alloc(arena, analysis->bodies.site_count,
                                  sizeof(*analysis->sites));
    analysis->failure = find_obstacle(patch, has_host_code);
    if (analysis->failure != NULL ||
        !initial_memory_eval(initial, patch, &analysis->bodies,
                             &analysis->failure, arena)) {
        return;
    }
    begin_search(search, &analysis->bodies, initial, patch, arena);
    find_fixed_point(search, patch);
    analysis->failure = search->failure;
    if (analysis->failure == NULL) {
        struct observation *observation =
            arena_alloc(arena, 1, sizeof(*observation));
        struct search *again =
            search_again(search, patch, is_always, observation, arena);
        analysis->observation = observation->sites != NULL ? observation : NULL;
        analysis->is_guided = again != NULL;
        search = analysis->is_guided ? again : search;
        analysis->sites = search->walk.sites;
        analysis->heads = search->walk.heads;
        analysis->invariants = search->memory.dependencies.spans;
        analysis->invariant_count = search->memory.dependencies.count;
    }
    analysis->passes = search->passes;
    analysis->steps = search->walk.steps;
}

void analysis_run(struct analysis *analysis, const struct patch *patch,
                  bool has_host_code, struct arena *arena)
{
    run(analysis, patch, has_host_code, false, arena);
}

void analysis_run_guided(struct analysis *analysis, const struct patch *patch,
                         struct arena *arena)
{
    run(analysis, patch, false, true, arena);
}

bool analysis_proves(const struct analysis *analysis, uint32_t index,
                     uint32_t *lo, uint32_t *hi)
{
    const struct walk_site *site = &analysis->sites[index];
    return analysis->failure == NULL && site->is_reached && site->is_inside &&
           range_unsigned(&site->address, lo, hi);
}

void analysis_count(const struct analysis *analysis, uint32_t *variable,
                    uint32_t *proven)
{
    *variable = 0;
    *proven = 0;
    for (uint32_t i = 0; i < analysis->bodies.site_count; i++) {
        const struct walk_site *site = &analysis->sites[i];
        uint32_t lo = 0;
        uint32_t hi = 0;
        if (site->is_reached && !range_is_constant(&site->address)) {
            *variable += 1;
            *proven += analysis_proves(analysis, i, &lo, &hi) ? 1 : 0;
        }
    }
}
