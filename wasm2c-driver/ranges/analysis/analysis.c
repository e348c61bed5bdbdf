/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/analysis.h"

#include "ranges/analysis/candidates.h"
#include "ranges/analysis/restart.h"
#include "ranges/analysis/search.h"
#include "ranges/analysis/settable.h"

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

/* Search from an observed run where the first result is loose ('is_always':
 * anywhere). NULL when that is no more precise. */
static struct search *search_again(const struct search *first,
                                   const struct patch *patch, bool is_always,
                                   struct observation *observation,
                                   struct arena *arena)
{
    const struct wasm_bodies *bodies = first->walk.bodies;
    bool is_any_loose = false;
    uint64_t spread_before = search_measure(first, &is_any_loose);
    if ((!is_any_loose && !is_always) ||
        !observe_run(observation, patch, bodies, &first->memory.cells, arena)) {
        return NULL;
    }
    struct search *again = arena_alloc(arena, 1, sizeof(*again));
    search_begin(again, bodies, first->memory.initial, patch, arena);
    candidates_assume(&again->memory, patch, bodies, observation,
                      &first->memory.cells);
    search_run(again, patch);
    return again->failure == NULL &&
                   (is_always ||
                    search_measure(again, &is_any_loose) < spread_before)
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
    search_begin(search, &analysis->bodies, initial, patch, arena);
    search_run(search, patch);
    analysis->failure = search->failure;
    if (analysis->failure == NULL) {
        struct observation *observation =
            arena_alloc(arena, 1, sizeof(*observation));
        struct search *again =
            search_again(search, patch, is_always, observation, arena);
        analysis->observation = observation->sites != NULL ? observation : NULL;
        analysis->is_guided = again != NULL;
        search = analysis->is_guided ? again : search;
        search = restart_search(search, patch, arena);
        search = settable_free(search, patch, arena);
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
