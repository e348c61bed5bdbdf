/* SPDX-License-Identifier: MIT */
#include "compile/selfcheck.h"

#include "base/file.h"
#include "base/process.h"
#include "compile/compile_commands.h"
#include "compile/compiler_choice.h"

#include <signal.h>
#include <unistd.h>

enum { COMPILE_TIMEOUT_MS = 5 * 60 * 1000, RUN_TIMEOUT_MS = 60 * 1000 };

static const char program[] = "selfcheck";
static const char right[] = "ok\n";
static const char lacking[] =
    "this patch was built for a CPU with "; /* cpu.c */

/* Another compiler to try, as words to type. */
static const char *other_compiler(const struct toolchain *toolchain,
                                  struct arena *arena)
{
    struct toolchain other;
    if (toolchain->is_clang) {
        return toolchain_find_alternative(&other, toolchain, arena)
                   ? "--cc gcc"
                   : "sudo apt install gcc, and --cc gcc";
    }
    const char *clang = compiler_choose_clang(arena);
    return clang == NULL ? "sudo apt install clang-19, and --cc clang-19"
                         : arena_format(arena, "--cc %s", clang);
}

static bool is_wrong(const struct compile_plan *plan,
                     const struct process *process, const char *const *command,
                     struct arena *arena, struct diag *diag)
{
    const struct toolchain *toolchain = plan->toolchain;
    const char *said = buf_string(&process->text);
    size_t length = strcspn(said, "\n");
    size_t lines = 0;
    for (const char *at = said; (at = strchr(at, '\n')) != NULL; at++) {
        lines++;
    }
    struct buf flags;
    buf_init(&flags, arena);
    buf_format(&flags, "-O%u", plan->level);
    for (size_t i = 0; toolchain->target->flags[i] != NULL; i++) {
        buf_format(&flags, " %s", toolchain->target->flags[i]);
    }
    if (length == 0) {
        diag_tool(diag, "what '%s' makes with '%s' does not run: it %s",
                  toolchain->cc, buf_string(&flags),
                  process_end_text(process, arena));
    } else {
        diag_tool(diag,
                  "'%s' with '%s' makes programs that compute wrong numbers: "
                  "%.*s%s",
                  toolchain->cc, buf_string(&flags),
                  (int)(length < 200 ? length : 200), said,
                  lines < 2 ? ""
                            : arena_format(arena, ", and %zu more", lines - 1));
    }
    diag_hint(diag, "%s", other_compiler(toolchain, arena));
    if (strcmp(toolchain->target->cpu, "baseline") != 0) {
        diag_hint(diag, "or --cpu baseline");
    }
    return diag_hint(diag, "the command was: %s",
                     process_quote(command, arena));
}

/* A CPU that was named need not be this one's; then the program says so, or,
 * where it does not know that CPU's instructions, dies of one. */
static bool is_another_cpu(const struct compile_plan *plan,
                           const struct process *process)
{
    return ((!process->has_exited && process->signal == SIGILL) ||
            strncmp(buf_string(&process->text), lacking, strlen(lacking)) ==
                0) &&
           strcmp(plan->toolchain->target->cpu, "native") != 0;
}

bool selfcheck_run(const struct compile_plan *plan, const char *directory,
                   struct arena *arena, struct diag *diag)
{
    struct cache cache;
    struct process process;
    struct diag ignored;
    const uint8_t *kept = NULL;
    size_t size = 0;
    const char *path = arena_format(arena, "%s/%s", directory, program);
    const char *const *command = compile_commands_check(plan, program, arena);
    const char *const run[] = {path, NULL};
    if (plan->toolchain->target->is_cross || plan->toolchain->sysroot != NULL) {
        return true;
    }
    compile_cache(&cache, plan,
                  arena_format(arena, "selfcheck -O%u", plan->level), arena);
    if (cache_read(&cache, program, &kept, &size, arena)) {
        return true;
    }
    if (plan->is_verbose) {
        (void)fprintf(stderr, "  %s\n", process_quote(command, arena));
    }
    if (!process_run_ok(&process, command, directory, COMPILE_TIMEOUT_MS, arena,
                        diag)) {
        return false;
    }
    diag_init(&ignored, NULL);
    /* Whether the compiler writes programs at all shows later. */
    if (access(path, X_OK) != 0 ||
        !process_run(&process, run, directory, RUN_TIMEOUT_MS, arena,
                     &ignored)) {
        return true;
    }
    (void)remove(path);
    bool ok = process_succeeded(&process) &&
              strcmp(buf_string(&process.text), right) == 0;
    if (!ok && process_interrupted() == 0 && !is_another_cpu(plan, &process)) {
        return is_wrong(plan, &process, command, arena, diag);
    }
    if (ok) {
        cache_keep(&cache, program, right, strlen(right), arena);
    }
    return true;
}
