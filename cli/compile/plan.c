/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "compile/plan.h"

#include "compile/compile_commands.h"

#include <errno.h>

bool plan_path(const char **path, const char *file, struct arena *arena,
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

bool plan_make(struct compile_plan *plan, const struct compile_request *request,
               const char *output, struct arena *arena, struct diag *diag)
{
    static const char *const unchecked[] = {COMPILE_UNCHECKED, NULL};
    const struct code_choice *choice = request->choice;
    *plan = (struct compile_plan){
        .toolchain = request->toolchain,
        .directory = request->directory,
        .output = output,
        .patch = request->patch,
        .level = request->level,
        .jobs = request->jobs,
        .is_verbose = request->is_verbose,
        .is_cached = request->is_cached,
        .is_writing_rule = request->is_writing_rule,
        .code_toolchain = choice != NULL ? choice->toolchain : NULL,
        .code_flags =
            compile_commands_join(request->is_unchecked ? unchecked : NULL,
                                  choice != NULL ? choice->flags : NULL, arena),
        .objects = request->objects,
    };
    return plan_path(&plan->import_c, request->import_c, arena, diag);
}

bool plan_executable(const struct compile_request *request, const char *output,
                     size_t *size, struct arena *arena, struct diag *diag)
{
    struct compile_plan plan;
    return plan_make(&plan, request, output, arena, diag) &&
           compile_run(&plan, size, arena, diag);
}
