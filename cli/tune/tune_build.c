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
static bool plan_runs(struct compile_plan *plan,
                      const struct compile_request *request, const char *output,
                      const char *objects, struct arena *arena,
                      struct diag *diag)
{
    if (!plan_make(plan, request, output, arena, diag)) {
        return false;
    }
    plan->objects = objects;
    plan->is_writing_rule = false;
    if (is_elsewhere(request->toolchain)) {
        struct target *here = arena_alloc(arena, 1, sizeof(*here));
        struct toolchain *home = arena_alloc(arena, 1, sizeof(*home));
        if (!target_choose(here, NULL, NULL, arena, diag)) {
            return false;
        }
        toolchain_for_host(home, request->toolchain, here);
        plan->toolchain = home;
    }
    return true;
}

static bool run(struct tuned *tuned, const struct options *options,
                const struct patch *patch, const struct compile_plan *plan,
                bool is_for_elsewhere, struct arena *arena, struct diag *diag)
{
    struct toolchain *alternative = arena_alloc(arena, 1, sizeof(*alternative));
    struct tuning tuning = {
        .plan = plan,
        .patch = patch,
        .seconds = options->pgo_seconds > 0 ? options->pgo_seconds
                                            : OPTIONS_PGO_SECONDS,
        .is_trying_all = options->is_tuning,
        .is_elsewhere = is_for_elsewhere,
    };
    /* A compiler that was asked for is the only one. */
    if (options->is_tuning && options->cc == NULL &&
        toolchain_find_alternative(alternative, plan->toolchain, arena)) {
        tuning.alternative = alternative;
    }
    if (!plan_path(&tuning.script, options->pgo_script, arena, diag) ||
        !tune_run(tuned, &tuning, arena, diag)) {
        return false;
    }
    if (tuning.is_elsewhere) {
        tuned->choice.toolchain = NULL;
    }
    return true;
}

bool tune_build(struct compile_request *request, const char **summary,
                const struct options *options, const struct patch *patch,
                const struct workdir *workdir, struct arena *arena,
                struct diag *diag)
{
    struct tuned *tuned = arena_alloc(arena, 1, sizeof(*tuned));
    struct compile_plan plan;
    const char *objects = NULL;
    if (options->pgo_seconds == 0 && !options->is_tuning) {
        return true;
    }
    if (is_elsewhere(request->toolchain) && !request->toolchain->is_clang) {
        notice(options, "no profile: ",
               arena_format(arena,
                            "%s cannot compile for both machines, as clang can",
                            file_base_name(request->toolchain->cc)));
        return true;
    }
    if (!make_objects(&objects, workdir, arena, diag) ||
        !plan_runs(&plan, request, options->output, objects, arena, diag) ||
        !run(tuned, options, patch, &plan, is_elsewhere(request->toolchain),
             arena, diag)) {
        return false;
    }
    request->choice = &tuned->choice;
    request->objects = is_elsewhere(request->toolchain) ? NULL : objects;
    *summary = tuned->variant;
    notice(options, "no profile: ", tuned->notice);
    notice(options, "", tuned->summary);
    return true;
}
