/* SPDX-License-Identifier: MIT */
#include "version.h"

#include "base/file.h"
#include "metadata/lock.h"

enum { PLAYER_LEVEL = 3 }; /* the same objects as in every patch */

bool version_has_globals(const struct wasm_module *module)
{
    bool has = false;
    for (uint32_t i = 0; i < module->global_count; i++) {
        has = has || module->globals[i].is_mutable;
    }
    return has;
}

static void add_file(struct buf *report, const char *path)
{
    /* A name with a line in it is not watched. */
    if (path != NULL && strchr(path, '\n') == NULL) {
        buf_format(report, "file %s\n", path);
    }
}

/* A text, and what was fetched for it, also when that comes later. */
static void add_text(struct buf *report, const char *path, struct arena *arena)
{
    add_file(report, path);
    add_file(report, path != NULL ? lock_name(path, arena) : NULL);
}

bool version_report(const struct play_job *job, const struct options *options,
                    const struct metadata *metadata, bool is_single,
                    struct arena *arena, struct diag *diag)
{
    struct buf report;
    buf_init(&report, arena);
    buf_text(&report, is_single ? "single\n" : "");
    add_file(&report, options->input);
    add_text(&report, options->project, arena);
    add_file(&report, options->manifest);
    add_file(&report, options->import_c);
    add_file(&report, options->pgo_script);
    add_text(&report, project_beside(options, arena), arena);
    for (uint32_t i = 0; i < metadata->asset_count; i++) {
        add_file(&report, metadata->assets[i].is_inside
                              ? NULL
                              : metadata->assets[i].file);
    }
    return file_write(job->report, report.bytes, report.length, 0600, diag);
}

bool version_compile(const struct play_job *job,
                     const struct compile_request *request,
                     const char **summary, struct arena *arena,
                     struct diag *diag)
{
    const struct toolchain *toolchain = request->toolchain;
    struct compile_plan plan;
    size_t size = 0;
    if (!plan_make(&plan, request, job->version, arena, diag)) {
        return false;
    }
    plan.kind = COMPILE_VERSION;
    if (!compile_run(&plan, &size, arena, diag)) {
        return false;
    }
    *summary =
        arena_format(arena, "%s -O%u: %zu KiB", file_base_name(toolchain->cc),
                     plan.level, size / 1024);
    if (job->player == NULL) {
        return true;
    }
    const struct compile_plan player = {.kind = COMPILE_PLAYER,
                                        .toolchain = toolchain,
                                        .directory = request->directory,
                                        .output = job->player,
                                        .level = PLAYER_LEVEL,
                                        .jobs = request->jobs,
                                        .is_verbose = request->is_verbose,
                                        .is_cached = request->is_cached};
    if (compile_player_cached(&player, arena)) {
        return true;
    }
    if (!job->is_quiet) {
        (void)fprintf(stderr, "f4e-build: compiling the player, which is kept "
                              "for the next time\n");
    }
    return compile_player(&player, arena, diag);
}
