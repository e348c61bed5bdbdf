/* SPDX-License-Identifier: MIT */
#include "tune/tune.h"

#include "base/file.h"
#include "base/process.h"
#include "tune/profile.h"
#include "tune/variant_search.h"

static const char result_name[] = "choice";

/* Everything but the compiler, flags and shim that the choice depends on. */
static bool cache_text(const char **text, const struct variant_search *search,
                       struct arena *arena, struct diag *diag)
{
    const char *const files[] = {variant_search_path(search, "glue.c", arena),
                                 variant_search_path(search, "module.c", arena),
                                 search->benchmark.script};
    struct buf key;
    buf_init(&key, arena);
    buf_format(&key, "%s -O%u %u%s\n", F4E_VERSION, search->tuning->plan->level,
               search->benchmark.blocks,
               search->tuning->is_elsewhere ? " elsewhere" : "");
    for (size_t i = 0; i < search->count; i++) {
        const struct variant *variant = search->candidates[i].variant;
        buf_format(&key, "%s%s\n", variant->name,
                   process_quote(variant->flags, arena));
    }
    if (search->tuning->alternative != NULL) {
        buf_format(&key, "%s\n", search->tuning->alternative->cc);
    }
    if (search->tuning->plan->code_flags != NULL) {
        buf_text(&key, process_quote(search->tuning->plan->code_flags, arena));
    }
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        const uint8_t *bytes = NULL;
        size_t size = 0;
        if (!file_read(files[i], SEARCH_MAX_FILE_BYTES, &bytes, &size, arena,
                       diag)) {
            return false;
        }
        buf_format(&key, "%zu\n", size);
        buf_add(&key, bytes, size);
    }
    *text = buf_string(&key);
    return true;
}

/* "plain\n" and the summary; the profile beside it when the choice needs it. */
static bool find_choice(struct tuned *tuned,
                        const struct variant_search *search,
                        const struct cache *cache, struct arena *arena)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    if (!cache_read(cache, result_name, &bytes, &size, arena)) {
        return false;
    }
    const char *text = (const char *)bytes;
    size_t length = strcspn(text, "\n");
    const struct variant *variant = variants_find(text, length);
    if (variant == NULL || text[length] == '\0' ||
        !variant_search_wants(variant, search->tuning)) {
        return false;
    }
    const struct toolchain *toolchain =
        variant_search_toolchain(variant, search->tuning);
    const char *profile = profile_file_name(toolchain);
    if (variant->is_profiled &&
        !cache_fetch(cache, profile,
                     variant_search_path(search, profile, arena), arena)) {
        return false;
    }
    tuned->variant = variant->name;
    tuned->choice.toolchain = toolchain;
    tuned->choice.flags = variant_search_flags(variant, search->tuning, arena);
    tuned->summary =
        arena_format(arena, "%s (%s by an earlier build)", text + length + 1,
                     search->tuning->is_elsewhere ? "made" : "measured");
    return true;
}

static void keep_choice(const struct tuned *tuned,
                        const struct variant_search *search,
                        const struct cache *cache, struct arena *arena)
{
    const char *profile = profile_file_name(tuned->choice.toolchain);
    const char *text =
        arena_format(arena, "%s\n%s", tuned->variant, tuned->summary);
    /* The profile first: a choice without it would be of no use. */
    cache_store(cache, profile, variant_search_path(search, profile, arena),
                arena);
    cache_keep(cache, result_name, text, strlen(text), arena);
}

static double ns_per_block(const struct variant_search *search,
                           const struct candidate *candidate, enum scene scene)
{
    return (double)benchmark_ns(&candidate->best[scene]) /
           search->benchmark.blocks;
}

static const char *pgo_summary(const struct variant_search *search,
                               const struct candidate *chosen,
                               struct arena *arena)
{
    const struct candidate *plain = &search->candidates[0];
    const struct candidate *profiled = &search->candidates[1];
    struct buf text;
    if (search->count < 2 || profiled->name == NULL) {
        return "there is no profile: built without one";
    }
    if (profiled->is_different) {
        return "code with the profile leaves other bits: built without it";
    }
    buf_init(&text, arena);
    buf_format(&text, "%.2fx as fast with the profile",
               1 / variant_search_worst(search, profiled));
    for (unsigned scene = 0; scene < search->scenes; scene++) {
        buf_format(&text, ", %.0f instead of %.0f ns per block%s",
                   ns_per_block(search, profiled, scene),
                   ns_per_block(search, plain, scene),
                   scene == SCENE_SILENT ? " when nobody plays" : "");
    }
    buf_text(&text, chosen == profiled ? "" : ": built without it");
    return buf_string(&text);
}

static const char *tune_summary(const struct variant_search *search,
                                const struct candidate *chosen,
                                struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    buf_format(&text, "ns per block, the best of %u runs of %u blocks%s",
               search->passes, search->benchmark.blocks,
               search->scenes > 1 ? ": played, and when nobody plays" : "");
    for (size_t i = 0; i < search->count; i++) {
        const struct candidate *candidate = &search->candidates[i];
        buf_format(&text, "\n  %c %-18s", candidate == chosen ? '*' : ' ',
                   candidate->variant->name);
        for (unsigned scene = 0;
             variant_search_is_timed(candidate) && scene < search->scenes;
             scene++) {
            double ns = ns_per_block(search, candidate, scene);
            buf_format(&text, " %10.1f %6.2fx", ns,
                       ns_per_block(search, &search->candidates[0], scene) /
                           ns);
        }
        if (!variant_search_is_timed(candidate)) {
            buf_text(&text, candidate->name == NULL ? " does not compile"
                                                    : " leaves other bits");
        }
    }
    return buf_string(&text);
}

static void choose(struct tuned *tuned, const struct variant_search *search,
                   struct arena *arena)
{
    const struct tuning *tuning = search->tuning;
    /* Elsewhere the last one, with the profile when there is one. */
    const struct candidate *chosen =
        tuning->is_elsewhere ? &search->candidates[search->count - 1]
                             : variant_search_fastest(search);
    tuned->variant = chosen->variant->name;
    tuned->choice.toolchain = variant_search_toolchain(chosen->variant, tuning);
    tuned->choice.flags = variant_search_flags(chosen->variant, tuning, arena);
    if (search->passes > 0) {
        tuned->summary = tuning->is_trying_all
                             ? tune_summary(search, chosen, arena)
                             : pgo_summary(search, chosen, arena);
    } else if (chosen->variant->is_profiled) {
        tuned->summary = "compiled by the profile of a run on this machine, "
                         "whose times say nothing of the other";
    }
}

bool tune_run(struct tuned *tuned, const struct tuning *tuning,
              struct arena *arena, struct diag *diag)
{
    struct variant_search *search = arena_alloc(arena, 1, sizeof(*search));
    struct cache cache;
    const char *text = NULL;
    *tuned = (struct tuned){.summary = ""};
    if (!variant_search_prepare(search, tuning, arena, diag) ||
        !cache_text(&text, search, arena, diag)) {
        return false;
    }
    compile_cache(&cache, tuning->plan, text, arena);
    bool ok = find_choice(tuned, search, &cache, arena);
    if (!ok && variant_search_run(search, &tuned->notice, arena, diag)) {
        ok = true;
        choose(tuned, search, arena);
        if (tuned->notice == NULL) {
            keep_choice(tuned, search, &cache, arena);
        }
    }
    const struct variant *chosen =
        ok ? variants_find(tuned->variant, strlen(tuned->variant)) : NULL;
    variant_search_clean(search, chosen, arena);
    return ok;
}
