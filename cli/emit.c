/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "emit.h"

#include "base/file.h"

#include <errno.h>

bool emit_plan(struct compile_plan *plan, const struct emit_job *job,
               const char *output, struct arena *arena, struct diag *diag)
{
    const struct options *options = job->options;
    *plan = (struct compile_plan){
        .toolchain = job->toolchain,
        .directory = job->directory,
        .output = output,
        .level = options->level,
        .jobs = options->jobs,
        .is_verbose = options->is_verbose,
        .is_cached = !options->is_uncached,
        .is_writing_rule = options->depfile != NULL,
    };
    if (options->import_c != NULL) {
        char *path = realpath(options->import_c, NULL);
        if (path == NULL) {
            return diag_input(diag, -1, "cannot open '%s': %s",
                              options->import_c, strerror(errno));
        }
        plan->import_c = arena_copy(arena, path, strlen(path));
        free(path);
    }
    return true;
}

bool emit_executable(const struct emit_job *job, const char *output,
                     size_t *size, struct arena *arena, struct diag *diag)
{
    struct compile_plan plan;
    return emit_plan(&plan, job, output, arena, diag) &&
           compile_run(&plan, size, arena, diag);
}

static bool emit_program(const struct emit_job *job, struct progress *progress,
                         struct arena *arena, struct diag *diag)
{
    const struct options *options = job->options;
    size_t size = 0;
    if (!emit_executable(job, options->output, &size, arena, diag)) {
        return false;
    }
    progress_done(progress, "compile", "%s -O%u, %s: %zu KiB",
                  file_base_name(job->toolchain->cc), options->level,
                  options->output, size / 1024);
    return true;
}

static emit_function *const kinds[FORM_COUNT] = {
    [FORM_PROGRAM] = emit_program, [FORM_BUNDLE] = emit_bundle,
    [FORM_OBJECT] = emit_object,   [FORM_LIBRARY] = emit_library,
    [FORM_SYSTEMD] = emit_systemd, [FORM_DEB] = emit_deb,
};

bool emit_run(const struct emit_job *job, struct progress *progress,
              struct arena *arena, struct diag *diag)
{
    return kinds[job->options->form](job, progress, arena, diag);
}
