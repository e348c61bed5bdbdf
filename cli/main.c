/* SPDX-License-Identifier: MIT */
/* argv in, exit status out; the one place that prints a diag. */
#include "base/process.h"
#include "build.h"
#include "compile/target.h"
#include "fetch/fetch.h"

static bool run(const struct options *options, struct arena *arena,
                struct diag *diag)
{
    switch (options->command) {
    case COMMAND_HELP:
        options_print_help(stdout);
        return true;
    case COMMAND_VERSION:
        (void)printf("f4e-build %s\n", F4E_VERSION);
        return true;
    case COMMAND_TARGETS:
        target_print_list(stdout);
        return true;
    case COMMAND_INSPECT:
        return build_inspect(options, arena, diag);
    case COMMAND_EMBED:
        return build_embed(options, arena, diag);
    case COMMAND_FETCH:
        return fetch_run(options, arena, diag);
    case COMMAND_BUILD:
    default:
        return build_run(options, arena, diag);
    }
}

int main(int argc, char **argv)
{
    static struct options options;
    struct arena arena;
    struct diag diag;
    arena_init(&arena, (size_t)4 << 30);
    diag_init(&diag, NULL);
    process_init();
    bool ok = options_parse(&options, argc, argv, &arena, &diag) &&
              run(&options, &arena, &diag);
    if (ok && (fflush(stdout) != 0 || ferror(stdout) != 0)) {
        ok = diag_system(&diag, "cannot write to standard output");
    }
    if (!ok && process_interrupted() == 0) {
        diag_print(&diag, "f4e-build", stderr);
    }
    int status = ok ? 0 : (int)diag.kind;
    arena_deinit(&arena);
    process_reraise();
    return status;
}
