/* SPDX-License-Identifier: MIT */
#include "build.h"

#include "base/file.h"
#include "base/process.h"
#include "base/progress.h"
#include "base/workdir.h"
#include "emit/emit.h"
#include "stages.h"

#include <stdio.h>

struct stage {
    const char *name;
    bool (*run)(struct build *build, struct diag *diag);
};

static const struct stage build_stages[] = {
    {"read", stage_read},           {"metadata", stage_metadata},
    {"describe", stage_describe},   {"ranges", stage_ranges},
    {"normalise", stage_normalise}, {"translate", stage_translate},
    {"generate", stage_generate},   {"tune", stage_tune},
    {"compile", stage_compile},     {NULL, NULL},
};

static const struct stage version_stages[] = {
    {"read", stage_read},
    {"speed", stage_speed},
    {"metadata", stage_metadata},
    {"files", stage_files},
    {"describe", stage_describe},
    {"ranges", stage_ranges},
    {"normalise", stage_normalise},
    {"translate", stage_translate},
    {"generate", stage_generate},
    {"tune", stage_tune},
    {"compile", stage_compile_version},
    {NULL, NULL},
};

static const struct stage embed_stages[] = {
    {"read", stage_read_module},
    {"metadata", stage_metadata},
    {"describe", stage_describe},
    {"embed", stage_embed},
    {NULL, NULL},
};

static const struct stage inspect_stages[] = {
    {"read", stage_parse},
    {"metadata", stage_metadata},
    {"inspect", stage_inspect},
    {NULL, NULL},
};

/* One stage after the other, each with a line of progress that says what came
 * of it, until one fails or the user interrupts. */
static bool run(struct build *build, const struct stage *stages,
                struct progress *progress, struct diag *diag)
{
    for (const struct stage *stage = stages; stage->run != NULL; stage++) {
        build->summary = "off";
        if (process_interrupted() != 0) {
            return diag_system(diag, "interrupted");
        }
        if (!stage->run(build, diag)) {
            return false;
        }
        progress_done(progress, stage->name, "%s", build->summary);
    }
    return true;
}

static bool run_stages(const struct stage *stages, const char *default_name,
                       bool is_silent, const struct options *options,
                       const struct play_job *job, struct arena *arena,
                       struct diag *diag)
{
    struct build *build = arena_alloc(arena, 1, sizeof(*build));
    struct progress progress;
    build->options = options;
    build->job = job;
    build->arena = arena;
    build->default_name = default_name;
    progress_start(&progress, options->is_verbose,
                   options->is_quiet || is_silent);
    bool ok = run(build, stages, &progress, diag);
    if (!ok) {
        workdir_explain(&build->workdir, diag);
    }
    if (options->is_keeping && build->workdir.path != NULL) {
        (void)fprintf(stderr, "f4e-build: kept %s\n",
                      workdir_keep(&build->workdir));
    }
    workdir_remove(&build->workdir);
    return ok;
}

static const char *name_from_output(const struct options *options,
                                    struct arena *arena)
{
    return emit_kind_patch_name(options->emit_kind, options->output, arena);
}

bool build_run(const struct options *options, struct arena *arena,
               struct diag *diag)
{
    return run_stages(build_stages, name_from_output(options, arena), false,
                      options, NULL, arena, diag);
}

bool build_version(const struct options *options, const struct play_job *job,
                   struct arena *arena, struct diag *diag)
{
    return run_stages(version_stages, name_from_output(options, arena),
                      !options->is_verbose, options, job, arena, diag);
}

bool build_embed(const struct options *options, struct arena *arena,
                 struct diag *diag)
{
    return run_stages(embed_stages, file_base_name(options->input), false,
                      options, NULL, arena, diag);
}

bool build_inspect(const struct options *options, struct arena *arena,
                   struct diag *diag)
{
    return run_stages(inspect_stages, name_from_output(options, arena), true,
                      options, NULL, arena, diag);
}
