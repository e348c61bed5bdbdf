/* SPDX-License-Identifier: MIT */
#include "compile/compiler_proper.h"

#include "base/process.h"

enum { PROBE_TIMEOUT_MS = 60 * 1000 };

const char *compiler_proper(const char *cc, struct arena *arena)
{
    /* Of gcc and of clang; each repeats the bare name of what it has not. */
    static const char *const programs[] = {"clang", "cc1"};
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        /* Whatever the command is, it leaves no "a.out" here. */
        const char *const argv[] = {
            cc, arena_format(arena, "-print-prog-name=%s", programs[i]), "-o",
            "/dev/null", NULL};
        struct process process;
        struct diag ignored;
        diag_init(&ignored, NULL);
        if (!process_run(&process, argv, NULL, PROBE_TIMEOUT_MS, arena,
                         &ignored) ||
            !process_succeeded(&process)) {
            return NULL;
        }
        const char *path = buf_string(&process.text);
        if (path[0] == '/') {
            return arena_copy(arena, path, strcspn(path, "\n"));
        }
    }
    return NULL;
}
