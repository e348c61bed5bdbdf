/* SPDX-License-Identifier: MIT */
#include "tune.h"

#include "base/file.h"
#include "base/process.h"
#include "scenario.h"
#include "training.h"
#include "variants.h"

#include <inttypes.h>

enum {
    MAX_VARIANTS = 32,
    LEAST_PASSES = 5,
    MOST_PASSES = 25,
    MAX_BLOCKS = 50 * 1000 * 1000,
    MAX_TEXT_BYTES = 16 << 20,
    PERMILLE_THAT_COUNTS = 10, /* less faster than an earlier row is noise */
};

/* All runs of --pgo, of --tune: more passes while there is time. */
static const uint64_t budget_ns[] = {UINT64_C(6000000000),
                                     UINT64_C(20000000000)};

static const char result_name[] = "choice";

struct candidate {
    const struct variant *variant;
    const char *path;         /* of its program; NULL when it does not build */
    struct trial_result best; /* of all passes */
    bool is_different;        /* other bits than the plain one's */
};

struct search {
    const struct tuning *tuning;
    struct trial trial;
    struct candidate candidates[MAX_VARIANTS];
    size_t count;
    unsigned passes;
};

static const char *path_in(const struct search *search, const char *name,
                           struct arena *arena)
{
    return arena_format(arena, "%s/%s", search->tuning->plan->directory, name);
}

static const char *const *flags_of(const struct variant *variant,
                                   const struct tuning *tuning,
                                   struct arena *arena)
{
    return variant->is_profiled
               ? compile_flags_join(training_flags(tuning->plan->toolchain),
                                    variant->flags, arena)
               : variant->flags;
}

static bool is_wanted(const struct variant *variant,
                      const struct tuning *tuning)
{
    return (tuning->is_trying_all || variant->is_of_pgo) &&
           (!variant->is_clang_only || tuning->plan->toolchain->is_clang);
}

static void list_candidates(struct search *search)
{
    size_t count = 0;
    const struct variant *table = variants_table(&count);
    for (size_t i = 0; i < count && search->count < MAX_VARIANTS; i++) {
        if (is_wanted(&table[i], search->tuning)) {
            search->candidates[search->count++].variant = &table[i];
        }
    }
}

static void drop_profiled(struct search *search)
{
    size_t kept = 0;
    for (size_t i = 0; i < search->count; i++) {
        if (!search->candidates[i].variant->is_profiled) {
            search->candidates[kept++] = search->candidates[i];
        }
    }
    search->count = kept;
}

/* The script of the run, in the directory or the user's. */
static bool prepare_trial(struct search *search, struct arena *arena,
                          struct diag *diag)
{
    const struct tuning *tuning = search->tuning;
    const struct patch *patch = tuning->patch;
    uint64_t blocks =
        (uint64_t)tuning->seconds * patch->sample_rate / patch->block_frames;
    blocks = blocks < MAX_BLOCKS ? blocks : MAX_BLOCKS;
    search->trial = (struct trial){
        .directory = tuning->plan->directory,
        .script = tuning->script,
        .blocks = blocks > TRIAL_SLICES ? (uint32_t)blocks : TRIAL_SLICES,
    };
    if (tuning->script != NULL) {
        return true;
    }
    struct buf text;
    buf_init(&text, arena);
    scenario_write(&text, patch, search->trial.blocks);
    search->trial.script = path_in(search, "trial.script", arena);
    return file_write(search->trial.script, buf_string(&text), text.length,
                      0644, diag);
}

/* Everything but the compiler, flags and shim that the choice depends on. */
static bool cache_text(const char **text, const struct search *search,
                       struct arena *arena, struct diag *diag)
{
    const char *const files[] = {path_in(search, "glue.c", arena),
                                 path_in(search, "module.c", arena),
                                 search->trial.script};
    struct buf key;
    buf_init(&key, arena);
    buf_format(&key, "%s %u\n", F4E_VERSION, search->trial.blocks);
    for (size_t i = 0; i < search->count; i++) {
        const struct variant *variant = search->candidates[i].variant;
        buf_format(&key, "%s%s\n", variant->name,
                   process_quote(variant->flags, arena));
    }
    if (search->tuning->plan->code_flags != NULL) {
        buf_text(&key, process_quote(search->tuning->plan->code_flags, arena));
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        if (!file_read(files[i], MAX_TEXT_BYTES, &bytes, &size, arena, diag)) {
            return false;
        }
        buf_format(&key, "%zu\n", size);
        buf_add(&key, bytes, size);
    }
    *text = buf_string(&key);
    return true;
}

/* "plain\n" and the summary; the profile beside it when the choice needs it. */
static bool find_choice(struct tuned *tuned, const struct search *search,
                        const struct cache *cache, struct arena *arena)
{
    struct diag ignored;
    const uint8_t *bytes = NULL;
    size_t size = 0;
    const char *path = cache_find(cache, result_name, arena);
    diag_init(&ignored, NULL);
    if (path == NULL ||
        !file_read(path, MAX_TEXT_BYTES, &bytes, &size, arena, &ignored)) {
        return false;
    }
    const char *text = (const char *)bytes;
    size_t length = strcspn(text, "\n");
    const struct variant *variant = variants_find(text, length);
    if (variant == NULL || text[length] == '\0' ||
        !is_wanted(variant, search->tuning)) {
        return false;
    }
    const char *profile =
        training_profile_name(search->tuning->plan->toolchain);
    if (variant->is_profiled) {
        const char *kept = cache_find(cache, profile, arena);
        if (kept == NULL ||
            !file_read(kept, MAX_TEXT_BYTES, &bytes, &size, arena, &ignored) ||
            !file_write(path_in(search, profile, arena), bytes, size, 0644,
                        &ignored)) {
            return false;
        }
    }
    tuned->variant = variant->name;
    tuned->flags = flags_of(variant, search->tuning, arena);
    tuned->summary = arena_format(arena, "%s (measured by an earlier build)",
                                  text + length + 1);
    return true;
}

static void keep_choice(const struct tuned *tuned, const struct search *search,
                        const struct cache *cache, struct arena *arena)
{
    const char *profile =
        training_profile_name(search->tuning->plan->toolchain);
    const char *file = path_in(search, "choice", arena);
    const char *text =
        arena_format(arena, "%s\n%s", tuned->variant, tuned->summary);
    struct diag ignored;
    diag_init(&ignored, NULL);
    /* The profile first: a choice without it would be of no use. */
    cache_store(cache, profile, path_in(search, profile, arena), arena);
    if (file_write(file, text, strlen(text), 0600, &ignored)) {
        cache_store(cache, result_name, file, arena);
    }
    (void)remove(file);
}

/* A program for each candidate. Only the plain one has to build. */
static bool build_all(struct search *search, struct arena *arena,
                      struct diag *diag)
{
    struct diag *tried = arena_alloc(arena, 1, sizeof(*tried));
    for (size_t i = 0; i < search->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        struct compile_plan plan = *search->tuning->plan;
        size_t size = 0;
        diag_init(tried, NULL);
        candidate->path =
            path_in(search, arena_format(arena, "trial-%zu", i), arena);
        plan.output = candidate->path;
        plan.is_trial = true;
        plan.code_flags = compile_flags_join(
            plan.code_flags,
            flags_of(candidate->variant, search->tuning, arena), arena);
        if (!compile_run(&plan, &size, arena, i == 0 ? diag : tried)) {
            candidate->path = NULL;
            if (i == 0 || process_interrupted() != 0) {
                return i != 0 ? diag_system(diag, "interrupted") : false;
            }
        }
    }
    return true;
}

/*
 * The first pass of each, with denormals kept: when they are flushed, compilers
 * may fold what would flush. A choice must leave the plain one's bits.
 */
static bool compare_bits(struct search *search, struct arena *arena,
                         struct diag *diag)
{
    uint64_t plain = 0;
    for (size_t i = 0; i < search->count; i++) {
        struct candidate *candidate = &search->candidates[i];
        if (candidate->path == NULL) {
            continue;
        }
        if (!trial_run(&candidate->best, candidate->path, &search->trial, false,
                       arena, diag)) {
            return false;
        }
        plain = i == 0 ? candidate->best.hash : plain;
        candidate->is_different = candidate->best.hash != plain;
    }
    return true;
}

static bool is_timed(const struct candidate *candidate)
{
    return candidate->path != NULL && !candidate->is_different;
}

/* In turn, so that a disturbance does not hit one of them alone. */
static bool time_all(struct search *search, struct arena *arena,
                     struct diag *diag)
{
    uint64_t spent_ns = 0;
    uint64_t limit_ns = budget_ns[search->tuning->is_trying_all ? 1 : 0];
    while (search->passes < LEAST_PASSES ||
           (search->passes < MOST_PASSES && spent_ns < limit_ns)) {
        for (size_t i = 0; i < search->count; i++) {
            struct candidate *candidate = &search->candidates[i];
            struct trial_result result;
            if (!is_timed(candidate)) {
                continue;
            }
            if (!trial_run(&result, candidate->path, &search->trial, true,
                           arena, diag)) {
                return false;
            }
            spent_ns += trial_ns(&result);
            if (search->passes == 0) {
                candidate->best = result;
            } else {
                trial_keep_best(&candidate->best, &result);
            }
        }
        search->passes++;
    }
    return true;
}

static const struct candidate *fastest(const struct search *search)
{
    const struct candidate *best = &search->candidates[0];
    for (size_t i = 1; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        if (is_timed(candidate) &&
            trial_ns(&candidate->best) * 1000 <
                trial_ns(&best->best) * (1000 - PERMILLE_THAT_COUNTS)) {
            best = candidate;
        }
    }
    return best;
}

static double ns_per_block(const struct search *search,
                           const struct candidate *candidate)
{
    return (double)trial_ns(&candidate->best) / search->trial.blocks;
}

static const char *pgo_summary(const struct search *search,
                               const struct candidate *chosen,
                               struct arena *arena)
{
    double plain = ns_per_block(search, &search->candidates[0]);
    const struct candidate *profiled = &search->candidates[1];
    if (search->count < 2 || profiled->path == NULL) {
        return "there is no profile: built without one";
    }
    if (profiled->is_different) {
        return "code with the profile leaves other bits: built without it";
    }
    double with = ns_per_block(search, profiled);
    return arena_format(
        arena,
        "%.2fx as fast with the profile, %.0f instead of %.0f ns per block%s",
        plain / with, with, plain,
        chosen == profiled ? "" : ": built without it");
}

static const char *tune_summary(const struct search *search,
                                const struct candidate *chosen,
                                struct arena *arena)
{
    struct buf text;
    double plain = ns_per_block(search, &search->candidates[0]);
    buf_init(&text, arena);
    buf_format(&text, "ns per block, the best of %u runs of %u blocks",
               search->passes, search->trial.blocks);
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        buf_format(&text, "\n  %c %-18s", candidate == chosen ? '*' : ' ',
                   candidate->variant->name);
        if (is_timed(candidate)) {
            double ns = ns_per_block(search, candidate);
            buf_format(&text, " %10.1f %6.2fx", ns, plain / ns);
        } else {
            buf_text(&text, candidate->path == NULL ? " does not compile"
                                                    : " leaves other bits");
        }
    }
    return buf_string(&text);
}

static bool search_run(struct tuned *tuned, struct search *search,
                       struct arena *arena, struct diag *diag)
{
    const struct tuning *tuning = search->tuning;
    if (!training_run(&tuned->notice, tuning->plan, &search->trial, arena,
                      diag)) {
        return false;
    }
    if (tuned->notice != NULL) {
        drop_profiled(search);
    }
    const struct candidate *chosen = &search->candidates[0];
    if (search->count > 1) {
        if (!build_all(search, arena, diag) ||
            !compare_bits(search, arena, diag) ||
            !time_all(search, arena, diag)) {
            return false;
        }
        chosen = fastest(search);
        tuned->summary = tuning->is_trying_all
                             ? tune_summary(search, chosen, arena)
                             : pgo_summary(search, chosen, arena);
    }
    tuned->variant = chosen->variant->name;
    tuned->flags = flags_of(chosen->variant, tuning, arena);
    return true;
}

bool tune_run(struct tuned *tuned, const struct tuning *tuning,
              struct arena *arena, struct diag *diag)
{
    struct search *search = arena_alloc(arena, 1, sizeof(*search));
    struct cache cache;
    const char *text = NULL;
    *tuned = (struct tuned){.summary = ""};
    search->tuning = tuning;
    list_candidates(search);
    if (!prepare_trial(search, arena, diag) ||
        !cache_text(&text, search, arena, diag)) {
        return false;
    }
    compile_cache(&cache, tuning->plan, text, arena);
    bool ok = find_choice(tuned, search, &cache, arena);
    if (!ok) {
        ok = search_run(tuned, search, arena, diag);
        for (size_t i = 0; i < search->count; i++) {
            if (search->candidates[i].path != NULL) {
                (void)remove(search->candidates[i].path);
            }
        }
        if (ok && tuned->notice == NULL) {
            keep_choice(tuned, search, &cache, arena);
        }
        const struct variant *chosen =
            ok ? variants_find(tuned->variant, strlen(tuned->variant)) : NULL;
        if (chosen == NULL || !chosen->is_profiled) {
            (void)remove(path_in(
                search, training_profile_name(tuning->plan->toolchain), arena));
        }
    }
    if (tuning->script == NULL) {
        (void)remove(search->trial.script);
    }
    return ok;
}
