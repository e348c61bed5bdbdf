/* SPDX-License-Identifier: MIT */
#include "emit/emit.h"

#include "base/file.h"

static bool emit_program(const struct emit_job *job, const char **summary,
                         struct arena *arena, struct diag *diag)
{
    const struct options *options = job->options;
    size_t size = 0;
    if (!plan_executable(job->request, options->output, &size, arena, diag)) {
        return false;
    }
    *summary = arena_format(arena, "%s -O%u, %s: %zu KiB",
                            file_base_name(job->request->toolchain->cc),
                            options->level, options->output, size / 1024);
    return true;
}

static emit_function *const kinds[EMIT_COUNT] = {
    [EMIT_PROGRAM] = emit_program, [EMIT_BUNDLE] = emit_bundle,
    [EMIT_OBJECT] = emit_object,   [EMIT_LIBRARY] = emit_library,
    [EMIT_SYSTEMD] = emit_systemd, [EMIT_DEB] = emit_deb,
};

bool emit_run(const struct emit_job *job, const char **summary,
              struct arena *arena, struct diag *diag)
{
    return kinds[job->options->emit_kind](job, summary, arena, diag);
}
