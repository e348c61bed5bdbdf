/* SPDX-License-Identifier: MIT */
#include "tune/tune_build.h"

#include "base/file.h"

#include <errno.h>
#include <sys/stat.h>

/* The machine that builds cannot run what is built, or not by its libraries. */
static bool is_elsewhere(const struct toolchain *toolchain)
{
    return toolchain->target->is_cross || toolchain->sysroot != NULL;
}

bool tune_build_check(const struct options *options,
                      const struct toolchain *toolchain, struct diag *diag)
{
    if (!options->is_tuning || !is_elsewhere(toolchain)) {
        return true;
    }
    diag_usage(diag,
               "--tune takes times on this machine, and %s%s is for "
               "another",
               toolchain->target->is_cross ? "--target " : "--sysroot",
               toolchain->target->is_cross ? toolchain->target->name : "");
    return diag_hint(diag, "--pgo: its profile is of use there, too");
}

static void notice(const struct options *options, const char *what,
                   const char *text)
{
    if (!options->is_quiet && text != NULL && *text != '\0') {
        (void)fprintf(stderr, "f4e-build: %s: notice: %s%s\n", options->input,
                      what, text);
    }
}

/* The folder for the shim's objects, beside the user's. */
static bool make_objects(const char **objects, const struct workdir *workdir,
                         struct arena *arena, struct diag *diag)
{
    *objects = workdir_path(workdir, "objects", arena);
    return mkdir(*objects, 0700) == 0 ||
           diag_system(diag, "cannot make '%s': %s", *objects, strerror(errno));
}

/* The plan of the programs that run here: the build's own, or one by the same
 * compiler for this machine. */
static bool plan_runs(struct compile_plan *plan, const struct emit_job *job,
                      const char *objects, struct arena *arena,
                      struct diag *diag)
{
    if (!emit_plan(plan, job, job->options->output, arena, diag)) {
        return false;
    }
    plan->objects = objects;
    plan->is_writing_rule = false;
    if (is_elsewhere(job->toolchain)) {
        struct target *here = arena_alloc(arena, 1, sizeof(*here));
        struct toolchain *home = arena_alloc(arena, 1, sizeof(*home));
        if (!target_choose(here, NULL, NULL, arena, diag)) {
            return false;
        }
        toolchain_at_home(home, job->toolchain, here);
        plan->toolchain = home;
    }
    return true;
}

static bool run(struct tuned *tuned, struct emit_job *job,
                const struct compile_plan *plan, struct arena *arena,
                struct diag *diag)
{
    const struct options *options = job->options;
    struct toolchain *second = arena_alloc(arena, 1, sizeof(*second));
    struct tuning tuning = {
        .plan = plan,
        .patch = job->patch,
        .seconds = options->pgo_seconds > 0 ? options->pgo_seconds
                                            : OPTIONS_PGO_SECONDS,
        .is_trying_all = options->is_tuning,
        .is_elsewhere = is_elsewhere(job->toolchain),
    };
    /* A compiler that was asked for is the only one. */
    if (options->is_tuning && options->cc == NULL &&
        toolchain_find_second(second, plan->toolchain, arena)) {
        tuning.second = second;
    }
    if (!emit_path(&tuning.script, options->pgo_script, arena, diag) ||
        !tune_run(tuned, &tuning, arena, diag)) {
        return false;
    }
    if (tuning.is_elsewhere) {
        tuned->toolchain = NULL;
    }
    return true;
}

bool tune_build(struct emit_job *job, const struct workdir *workdir,
                struct progress *progress, struct arena *arena,
                struct diag *diag)
{
    const struct options *options = job->options;
    struct tuned *tuned = arena_alloc(arena, 1, sizeof(*tuned));
    struct compile_plan plan;
    const char *objects = NULL;
    if (options->pgo_seconds == 0 && !options->is_tuning) {
        return true;
    }
    if (is_elsewhere(job->toolchain) && !job->toolchain->is_clang) {
        notice(options, "no profile: ",
               arena_format(arena,
                            "%s cannot compile for both machines, as clang can",
                            file_base_name(job->toolchain->cc)));
        return true;
    }
    if (!make_objects(&objects, workdir, arena, diag) ||
        !plan_runs(&plan, job, objects, arena, diag) ||
        !run(tuned, job, &plan, arena, diag)) {
        return false;
    }
    job->tuned = tuned;
    job->objects = is_elsewhere(job->toolchain) ? NULL : objects;
    progress_done(progress, "tune", "%s", tuned->variant);
    notice(options, "no profile: ", tuned->notice);
    notice(options, "", tuned->summary);
    return true;
}
