/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "emit/emit.h"

#include "base/file.h"
#include "compile/compile_commands.h"

#include <errno.h>

bool emit_path(const char **path, const char *file, struct arena *arena,
               struct diag *diag)
{
    char *resolved = file == NULL ? NULL : realpath(file, NULL);
    if (file != NULL && resolved == NULL) {
        return diag_input(diag, -1, "cannot open '%s': %s", file,
                          strerror(errno));
    }
    *path = file == NULL ? NULL : arena_copy(arena, resolved, strlen(resolved));
    free(resolved);
    return true;
}

bool emit_plan(struct compile_plan *plan, const struct emit_job *job,
               const char *output, struct arena *arena, struct diag *diag)
{
    static const char *const unchecked[] = {COMPILE_UNCHECKED, NULL};
    const struct options *options = job->options;
    const struct tuned *tuned = job->tuned;
    *plan = (struct compile_plan){
        .toolchain = job->toolchain,
        .directory = job->directory,
        .output = output,
        .level = options->level,
        .jobs = options->jobs,
        .is_verbose = options->is_verbose,
        .is_cached = !options->is_uncached,
        .is_writing_rule = options->depfile != NULL,
        .code_toolchain = tuned != NULL ? tuned->toolchain : NULL,
        .code_flags = commands_join(options->is_unchecked ? unchecked : NULL,
                                    tuned != NULL ? tuned->flags : NULL, arena),
        .objects = job->objects,
    };
    return emit_path(&plan->import_c, options->import_c, arena, diag);
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
