/* SPDX-License-Identifier: MIT */
/* argv in, exit status out; the one place that prints a diag. */
#include "base/file.h"
#include "base/process.h"
#include "build.h"
#include "compile/target.h"
#include "completion/completion.h"
#include "fetch/fetch.h"
#include "inspect/inspect_error.h"
#include "play/play.h"

/* Once a line of its own: what a shell asks has no options and no errors. */
static void complete(int argc, char **argv)
{
    enum { TARGETS_MAX = 64 };
    const char *targets[TARGETS_MAX + 2];
    size_t count = 0;
    size_t used = 0;
    targets[used++] = "list";
    const struct target_abi *abis = target_abis(&count);
    for (size_t i = 0; i < count && used < TARGETS_MAX; i++) {
        targets[used++] = abis[i].triple;
    }
    const struct target_machine *machines = target_machines(&count);
    for (size_t i = 0; i < count && used < TARGETS_MAX; i++) {
        targets[used++] = machines[i].name;
    }
    targets[used] = NULL;
    options_complete(argv, (size_t)argc, targets, stdout);
}

/* Also of a line that was not understood to its end. */
static bool wants_json(const struct options *options, int argc, char **argv)
{
    bool is_json = options->is_json;
    for (int i = 1; i < argc; i++) {
        is_json = is_json || strcmp(argv[i], "--json") == 0;
    }
    return is_json && options->command == COMMAND_INSPECT;
}

/* '*status' is that of the patch, if one has played. */
static bool run(const struct options *options, int *status, struct arena *arena,
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
    case COMMAND_COMPLETION:
        completion_print_script(options->shell == SHELL_ZSH, "f4e-build",
                                stdout);
        return true;
    case COMMAND_INSPECT:
        return build_inspect(options, arena, diag);
    case COMMAND_EMBED:
        return build_embed(options, arena, diag);
    case COMMAND_PLAY:
        return play_run(options, build_version, status, arena, diag);
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
    int played = 0;
    if (argc > 1 && strcmp(argv[1], COMPLETION_ARGUMENT) == 0) {
        complete(argc - 2, argv + 2);
        return 0;
    }
    arena_init(&arena, (size_t)4 << 30);
    diag_init(&diag, NULL);
    process_init();
    bool ok = options_parse(&options, argc, argv, &arena, &diag) &&
              run(&options, &played, &arena, &diag);
    ok = ok && file_flush(stdout, "to standard output", &diag);
    if (!ok && process_interrupted() == 0) {
        if (wants_json(&options, argc, argv)) {
            inspect_print_error(&diag, stdout, &arena);
        } else {
            diag_print(&diag, "f4e-build", stderr);
        }
    }
    int status = ok ? played : (int)diag.kind;
    arena_deinit(&arena);
    process_reraise();
    return status;
}
