/* SPDX-License-Identifier: MIT */
#include "analysis.h"

#include <string.h>

enum {
    MAX_PASSES = 400,
    TRIAL_PASSES = 4, /* after these, a trial */
};

/* A function that the host may call; each only once. */
static bool is_root(const struct patch *patch, uint32_t export)
{
    const struct wasm_module *module = patch->module;
    const struct wasm_export *root = &module->exports[export];
    if (root->kind != WASM_FUNCTION || root->index == patch->init_function ||
        root->index < module->imported_function_count) {
        return false;
    }
    for (uint32_t i = 0; i < export; i++) {
        if (module->exports[i].kind == WASM_FUNCTION &&
            module->exports[i].index == root->index) {
            return false;
        }
    }
    return true;
}

static void add_host_writes(struct memory_model *memory,
                            const struct patch *patch)
{
    const struct range top = range_top();
    for (uint32_t i = 0; i < patch->input_count; i++) {
        uint64_t start = patch->inputs[i].address;
        memory_write(memory, start & ~UINT64_C(3),
                     (start + patch->block_frames * UINT64_C(4) + 3) &
                         ~UINT64_C(3),
                     &top);
    }
    for (uint32_t i = 0; i < memory->image->torn_count; i++) {
        const struct image_torn *torn = &memory->image->torn[i];
        uint64_t base = (uint64_t)torn->memory << 32;
        memory_write(memory, base + torn->start, base + torn->end, &top);
    }
    for (uint32_t i = 0; i < patch->asset_count; i++) {
        uint64_t start = patch->assets[i].address;
        if (patch->assets[i].size > 0) {
            memory_write(memory, start & ~UINT64_C(3),
                         (start + patch->assets[i].size + 3) & ~UINT64_C(3),
                         &memory->image->below_assets[i]);
        }
    }
}

static bool walk_roots(struct walk *walk, const struct patch *patch)
{
    for (uint32_t i = 0; i < patch->module->export_count; i++) {
        if (is_root(patch, i) &&
            !walk_call(walk, patch->module->exports[i].index)) {
            return false;
        }
    }
    return true;
}

/* A pass to see where cells tend to. */
static bool try_pass(struct walk *walk, struct memory_model *memory,
                     const struct patch *patch)
{
    bool ok = true;
    if (memory_begin_trial(memory)) {
        ok = walk_roots(walk, patch);
        memory_end_trial(memory);
    }
    return ok;
}

/*
 * Calls in any order, any number of them: until a call of each finds nothing
 * that was not there before. The last pass, from what is then known to hold,
 * gives the result.
 */
static void find_fixed_point(struct analysis *analysis, struct walk *walk,
                             struct memory_model *memory,
                             const struct patch *patch)
{
    do {
        if (analysis->passes == MAX_PASSES) {
            analysis->failure = "what calls leave in memory does not settle";
            return;
        }
        walk->heads.pass = ++analysis->passes;
        memory->has_grown = false;
        memory->uses.count = 0;
        memory->is_noting = true;
        memset(walk->sites, 0,
               analysis->code.site_count * sizeof(*walk->sites));
        if (!walk_roots(walk, patch) ||
            (memory->has_grown && analysis->passes <= TRIAL_PASSES &&
             !try_pass(walk, memory, patch))) {
            analysis->failure = walk->failure;
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

void analysis_run(struct analysis *analysis, const struct patch *patch,
                  bool has_host_code, struct arena *arena)
{
    struct image image;
    struct memory_model memory;
    struct walk walk;
    *analysis = (struct analysis){
        .block_function = patch->is_driven_by_main ? patch->main_function
                                                   : patch->buffer_function};
    code_decode(&analysis->code, patch->module, arena);
    analysis->sites =
        arena_alloc(arena, analysis->code.site_count, sizeof(*analysis->sites));
    analysis->failure = find_obstacle(patch, has_host_code);
    if (analysis->failure != NULL || !image_make(&image, patch, &analysis->code,
                                                 &analysis->failure, arena)) {
        return;
    }
    analysis->failure = NULL;
    memory_init(&memory, &image, arena);
    walk_init(&walk, &analysis->code, &memory, arena);
    add_host_writes(&memory, patch);
    find_fixed_point(analysis, &walk, &memory, patch);
    analysis->steps = walk.steps;
    if (analysis->failure == NULL) {
        analysis->sites = walk.sites;
        analysis->heads = walk.heads;
        analysis->invariants = memory.uses.spans;
        analysis->invariant_count = memory.uses.count;
    }
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
    for (uint32_t i = 0; i < analysis->code.site_count; i++) {
        const struct walk_site *site = &analysis->sites[i];
        uint32_t lo = 0;
        uint32_t hi = 0;
        if (site->is_reached && !range_is_constant(&site->address)) {
            *variable += 1;
            *proven += analysis_proves(analysis, i, &lo, &hi) ? 1 : 0;
        }
    }
}

bool analysis_is_useful(const struct analysis *analysis)
{
    uint32_t variable = 0;
    uint32_t proven = 0;
    analysis_count(analysis, &variable, &proven);
    return analysis->failure == NULL && proven > 0 &&
           analysis->block_function >=
               analysis->code.module->imported_function_count;
}

const char *analysis_summary(const struct analysis *analysis,
                             struct arena *arena)
{
    uint32_t variable = 0;
    uint32_t proven = 0;
    if (analysis->failure != NULL) {
        return arena_format(arena, "none proven: %s", analysis->failure);
    }
    analysis_count(analysis, &variable, &proven);
    return arena_format(arena, "%u of %u variable addresses proven", proven,
                        variable);
}
