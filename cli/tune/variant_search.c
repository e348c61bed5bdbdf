/* SPDX-License-Identifier: MIT */
#include "tune/variant_search.h"

#include "base/file.h"
#include "base/process.h"
#include "compile/compile_commands.h"
#include "tune/profile.h"
#include "tune/scenario.h"

enum {
    LEAST_PASSES = 5,
    MOST_PASSES = 25,
    MAX_BLOCKS = 50 * 1000 * 1000,
    PERMILLE_THAT_COUNTS = 10, /* less faster than an earlier row is noise */
};

/* All runs of --pgo, of --tune: more passes while there is time. */
static const uint64_t budget_ns[] = {UINT64_C(6000000000),
                                     UINT64_C(20000000000)};

const char *variant_search_path(const struct variant_search *search,
                                const char *name, struct arena *arena)
{
    return arena_format(arena, "%s/%s", search->tuning->plan->directory, name);
}

const struct toolchain *variant_search_toolchain(const struct variant *variant,
                                                 const struct tuning *tuning)
{
    return variant->is_alternative ? tuning->alternative
                                   : tuning->plan->toolchain;
}

const char *const *variant_search_flags(const struct variant *variant,
                                        const struct tuning *tuning,
                                        struct arena *arena)
{
    return variant->is_profiled
               ? compile_commands_join(
                     profile_flags(variant_search_toolchain(variant, tuning)),
                     variant->flags, arena)
               : variant->flags;
}

bool variant_search_wants(const struct variant *variant,
                          const struct tuning *tuning)
{
    return (tuning->is_trying_all || variant->is_of_pgo) &&
           (!variant->is_alternative || tuning->alternative != NULL);
}

static void list_candidates(struct variant_search *search)
{
    size_t count = 0;
    const struct variant *table = variants_table(&count);
    for (size_t i = 0; i < count && search->count < SEARCH_MAX_CANDIDATES;
         i++) {
        if (variant_search_wants(&table[i], search->tuning)) {
            search->candidates[search->count++].variant = &table[i];
        }
    }
}

static void drop_profiled(struct variant_search *search, bool is_alternative)
{
    size_t kept = 0;
    for (size_t i = 0; i < search->count; i++) {
        const struct variant *variant = search->candidates[i].variant;
        if (!variant->is_profiled ||
            variant->is_alternative != is_alternative) {
            search->candidates[kept++] = search->candidates[i];
        }
    }
    search->count = kept;
}

/* The script of the run, in the directory or the user's. */
bool variant_search_prepare(struct variant_search *search,
                            const struct tuning *tuning, struct arena *arena,
                            struct diag *diag)
{
    search->tuning = tuning;
    list_candidates(search);
    const struct patch *patch = tuning->patch;
    uint64_t blocks =
        (uint64_t)tuning->seconds * patch->sample_rate / patch->block_frames;
    blocks = blocks < MAX_BLOCKS ? blocks : MAX_BLOCKS;
    search->benchmark = (struct benchmark){
        .directory = tuning->plan->directory,
        .script = tuning->script,
        .is_script_given = tuning->script != NULL,
        .blocks =
            blocks > BENCHMARK_SLICES ? (uint32_t)blocks : BENCHMARK_SLICES,
    };
    search->scenes = SCENES;
    if (tuning->script != NULL) {
        return true;
    }
    struct buf text;
    buf_init(&text, arena);
    scenario_write(&text, patch, search->benchmark.blocks);
    search->scenes = text.length > 0 ? SCENES : 1;
    search->benchmark.script =
        variant_search_path(search, SEARCH_SCRIPT, arena);
    return file_write(search->benchmark.script, buf_string(&text), text.length,
                      0644, diag);
}

/* A program for each candidate. Only the plain one has to build. */
static bool build_all(struct variant_search *search, struct arena *arena,
                      struct diag *diag)
{
    struct diag *tried = arena_alloc(arena, 1, sizeof(*tried));
    for (size_t i = 0; i < search->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        struct compile_plan plan = *search->tuning->plan;
        size_t size = 0;
        diag_init(tried, NULL);
        candidate->name = arena_format(arena, "benchmark-%zu", i);
        plan.output = variant_search_path(search, candidate->name, arena);
        plan.is_benchmark = true;
        plan.code_toolchain =
            variant_search_toolchain(candidate->variant, search->tuning);
        plan.code_flags = compile_commands_join(
            plan.code_flags,
            variant_search_flags(candidate->variant, search->tuning, arena),
            arena);
        if (!compile_run(&plan, &size, arena, i == 0 ? diag : tried)) {
            candidate->name = NULL;
            if (i == 0 || process_interrupted() != 0) {
                return i != 0 ? diag_system(diag, "interrupted") : false;
            }
        }
    }
    return true;
}

static bool run_scene(struct benchmark_result *result,
                      const struct variant_search *search, size_t index,
                      unsigned scene, bool is_flushing, struct arena *arena,
                      struct diag *diag)
{
    struct benchmark benchmark = search->benchmark;
    if (scene == SCENE_SILENT) {
        benchmark.script = NULL;
    }
    return benchmark_run(result, search->candidates[index].name, &benchmark,
                         is_flushing, arena, diag);
}

/*
 * The first pass of each, with denormals kept: when they are flushed, compilers
 * may fold what would flush. A choice must leave the plain one's bits.
 */
static bool compare_bits(struct variant_search *search, struct arena *arena,
                         struct diag *diag)
{
    const struct candidate *plain = &search->candidates[0];
    for (size_t i = 0; i < search->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        for (unsigned scene = 0;
             candidate->name != NULL && scene < search->scenes; scene++) {
            struct benchmark_result *result = &candidate->best[scene];
            if (!run_scene(result, search, i, scene, false, arena, diag)) {
                return false;
            }
            candidate->is_different = candidate->is_different ||
                                      result->hash != plain->best[scene].hash;
        }
    }
    return true;
}

/* One more run of a candidate in a scene. */
static bool time_scene(uint64_t *spent_ns, struct variant_search *search,
                       size_t index, unsigned scene, struct arena *arena,
                       struct diag *diag)
{
    struct benchmark_result *best = &search->candidates[index].best[scene];
    struct benchmark_result result;
    if (!run_scene(&result, search, index, scene, true, arena, diag)) {
        return false;
    }
    *spent_ns += benchmark_ns(&result);
    if (search->passes == 0) {
        *best = result;
    } else {
        benchmark_keep_best(best, &result);
    }
    return true;
}

/* In turn, so that a disturbance does not hit one of them alone. */
static bool time_all(struct variant_search *search, struct arena *arena,
                     struct diag *diag)
{
    uint64_t spent_ns = 0;
    uint64_t limit_ns = budget_ns[search->tuning->is_trying_all ? 1 : 0];
    while (search->passes < LEAST_PASSES ||
           (search->passes < MOST_PASSES && spent_ns < limit_ns)) {
        for (size_t i = 0; i < search->count; i++) {
            bool is_timed = variant_search_is_timed(&search->candidates[i]);
            for (unsigned scene = 0; is_timed && scene < search->scenes;
                 scene++) {
                if (!time_scene(&spent_ns, search, i, scene, arena, diag)) {
                    return false;
                }
            }
        }
        search->passes++;
    }
    return true;
}

double variant_search_worst(const struct variant_search *search,
                            const struct candidate *candidate)
{
    double worst = 0;
    for (unsigned scene = 0; scene < search->scenes; scene++) {
        double part = (double)benchmark_ns(&candidate->best[scene]) /
                      (double)benchmark_ns(&search->candidates[0].best[scene]);
        worst = part > worst ? part : worst;
    }
    return worst;
}

const struct candidate *
variant_search_fastest(const struct variant_search *search)
{
    const struct candidate *best = &search->candidates[0];
    for (size_t i = 1; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        if (variant_search_is_timed(candidate) &&
            variant_search_worst(search, candidate) * 1000 <
                variant_search_worst(search, best) *
                    (1000 - PERMILLE_THAT_COUNTS)) {
            best = candidate;
        }
    }
    return best;
}

/* A profile by one of the compilers, or none of its rows that want one. */
static bool train(const char **notice, struct variant_search *search,
                  bool is_alternative, struct arena *arena, struct diag *diag)
{
    struct compile_plan plan = *search->tuning->plan;
    const char *reason = NULL;
    if (is_alternative) {
        plan.toolchain = search->tuning->alternative;
    }
    if (!profile_make(&reason, &plan, &search->benchmark, arena, diag)) {
        return false;
    }
    if (reason != NULL) {
        drop_profiled(search, is_alternative);
    }
    *notice = *notice == NULL ? reason : *notice;
    return true;
}

bool variant_search_run(struct variant_search *search, const char **notice,
                        struct arena *arena, struct diag *diag)
{
    const struct tuning *tuning = search->tuning;
    *notice = NULL;
    if (!train(notice, search, false, arena, diag) ||
        (tuning->is_trying_all && tuning->alternative != NULL &&
         !train(notice, search, true, arena, diag))) {
        return false;
    }
    return search->count == 1 || tuning->is_elsewhere ||
           (build_all(search, arena, diag) &&
            compare_bits(search, arena, diag) && time_all(search, arena, diag));
}

void variant_search_clean(const struct variant_search *search,
                          const struct variant *chosen, struct arena *arena)
{
    const struct toolchain *const toolchains[] = {
        search->tuning->plan->toolchain, search->tuning->alternative};
    for (size_t i = 0; i < 2; i++) {
        bool is_used =
            chosen != NULL && chosen->is_profiled &&
            toolchains[i] == variant_search_toolchain(chosen, search->tuning);
        if (toolchains[i] != NULL && !is_used) {
            (void)remove(variant_search_path(
                search, profile_file_name(toolchains[i]), arena));
        }
    }
    for (size_t i = 0; i < search->count; i++) {
        if (search->candidates[i].name != NULL) {
            (void)remove(
                variant_search_path(search, search->candidates[i].name, arena));
        }
    }
    if (search->tuning->script == NULL) {
        (void)remove(variant_search_path(search, SEARCH_SCRIPT, arena));
    }
}
