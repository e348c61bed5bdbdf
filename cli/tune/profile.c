/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "tune/profile.h"

#include "base/file.h"
#include "base/process.h"
#include "compile/compile_commands.h"

#include <ctype.h>
#include <unistd.h>

enum { MERGE_TIMEOUT_MS = 60 * 1000 };

static const char raw_profile[] = "glue.profraw";
static const char trainer_name[] = "trainer";

const char *profile_file_name(const struct toolchain *toolchain)
{
    return toolchain->is_clang ? "glue.profdata" : "glue.gcda";
}

const char *const *profile_flags(const struct toolchain *toolchain)
{
    static const char *const clang[] = {"-fprofile-use=glue.profdata", NULL};
    /* gcc looks for the file beside the object. */
    static const char *const gcc[] = {"-fprofile-use", NULL};
    return toolchain->is_clang ? clang : gcc;
}

/* "19" of clang-19, or of a clang that stands in a folder named llvm-19; "". */
static const char *version_of(const char *cc, struct arena *arena)
{
    const char *dash = strrchr(file_base_name(cc), '-');
    if (dash != NULL && isdigit((unsigned char)dash[1])) {
        return dash + 1;
    }
    char *resolved = realpath(cc, NULL);
    const char *folder = resolved == NULL ? NULL : strstr(resolved, "/llvm-");
    const char *version = "";
    if (folder != NULL) {
        folder += strlen("/llvm-");
        version = arena_copy(arena, folder, strspn(folder, "0123456789"));
    }
    free(resolved);
    return version;
}

/* "-19", or nothing without a version. */
static const char *suffix_of(const char *cc, struct arena *arena)
{
    const char *version = version_of(cc, arena);
    return arena_format(arena, "%s%s", *version != '\0' ? "-" : "", version);
}

/* In PATH under the compiler's version, else beside the compiler itself. */
static const char *find_merger(const char *cc, struct arena *arena)
{
    const char *found = process_find(
        arena_format(arena, "llvm-profdata%s", suffix_of(cc, arena)), arena);
    char *resolved = found == NULL ? realpath(cc, NULL) : NULL;
    if (resolved != NULL) {
        found = process_find(
            arena_format(arena, "%.*s/llvm-profdata",
                         (int)(file_base_name(resolved) - resolved), resolved),
            arena);
        free(resolved);
    }
    return found;
}

static const char *missing_merger(const char *cc, struct arena *arena)
{
    return arena_format(arena,
                        "there is no llvm-profdata%s "
                        "(sudo apt install llvm%s)",
                        suffix_of(cc, arena), suffix_of(cc, arena));
}

/* Why a program with counters could not be made. */
static const char *missing_runtime(const struct toolchain *toolchain,
                                   const struct diag *tried,
                                   struct arena *arena)
{
    const char *said = tried->tool_output == NULL ? "" : tried->tool_output;
    if (toolchain->is_clang && strstr(said, "clang_rt.profile") != NULL) {
        return arena_format(arena,
                            "%s lacks its profile runtime "
                            "(sudo apt install libclang-rt%s-dev)",
                            file_base_name(toolchain->cc),
                            *version_of(toolchain->cc, arena) != '\0'
                                ? suffix_of(toolchain->cc, arena)
                                : "");
    }
    if (!toolchain->is_clang && strstr(said, "gcov") != NULL) {
        return arena_format(arena,
                            "%s lacks its profile runtime "
                            "(sudo apt install gcc)",
                            file_base_name(toolchain->cc));
    }
    return arena_format(arena, "%s cannot make a program with counters: %s",
                        file_base_name(toolchain->cc), tried->text);
}

static const char *path_in(const struct compile_plan *plan, const char *name,
                           struct arena *arena)
{
    return arena_format(arena, "%s/%s", plan->directory, name);
}

/* The program with counters, at 'path'. */
static bool build_trainer(const char *path, const struct compile_plan *plan,
                          struct arena *arena, struct diag *diag)
{
    /* Counters in LLVM's own code, not in the C text: it is inlined first. The
     * name is fixed here, whatever the environment says. */
    static const char *const clang[] = {"-fprofile-generate", NULL};
    static const char *const gcc[] = {"-fprofile-generate",
                                      "-fprofile-update=single", NULL};
    const char *const *flags = plan->toolchain->is_clang ? clang : gcc;
    struct compile_plan trainer = *plan;
    size_t size = 0;
    trainer.output = path;
    trainer.is_benchmark = true;
    trainer.code_flags = compile_commands_join(plan->code_flags, flags, arena);
    trainer.link_flags = compile_commands_join(plan->link_flags, flags, arena);
    return compile_run(&trainer, &size, arena, diag);
}

/* Run it where it leaves its counts, wherever the user's own profiles go. */
static bool run_trainer(const struct benchmark *benchmark, struct arena *arena,
                        struct diag *diag)
{
    static const char variable[] = "LLVM_PROFILE_FILE";
    struct benchmark_result ignored;
    const char *found = getenv(variable);
    const char *before =
        found == NULL ? NULL : arena_copy(arena, found, strlen(found));
    (void)setenv(
        variable,
        arena_format(arena, "%s/%s", benchmark->directory, raw_profile), 1);
    bool ok =
        benchmark_run(&ignored, trainer_name, benchmark, true, arena, diag);
    if (before != NULL) {
        (void)setenv(variable, before, 1);
    } else {
        (void)unsetenv(variable);
    }
    return ok;
}

static bool merge(const char *merger, const struct compile_plan *plan,
                  struct arena *arena, struct diag *diag)
{
    struct process process;
    const char *const argv[] = {merger,      "merge",
                                "-o",        profile_file_name(plan->toolchain),
                                raw_profile, NULL};
    return process_run_ok(&process, argv, plan->directory, MERGE_TIMEOUT_MS,
                          arena, diag);
}

bool profile_make(const char **reason, const struct compile_plan *plan,
                  const struct benchmark *benchmark, struct arena *arena,
                  struct diag *diag)
{
    const struct toolchain *toolchain = plan->toolchain;
    const char *merger =
        toolchain->is_clang ? find_merger(toolchain->cc, arena) : NULL;
    *reason = NULL;
    if (toolchain->is_clang && merger == NULL) {
        *reason = missing_merger(toolchain->cc, arena);
        return true;
    }
    struct diag *tried = arena_alloc(arena, 1, sizeof(*tried));
    diag_init(tried, NULL);
    const char *path = path_in(plan, trainer_name, arena);
    const char *profile = path_in(plan, profile_file_name(toolchain), arena);
    (void)remove(profile); /* of an earlier build with --emit-c */
    if (!build_trainer(path, plan, arena, tried)) {
        *reason = missing_runtime(toolchain, tried, arena);
    } else if (!run_trainer(benchmark, arena, tried) ||
               (merger != NULL && !merge(merger, plan, arena, tried))) {
        *reason = tried->text;
    } else if (access(profile, R_OK) != 0) {
        *reason = "the patch left no profile";
    }
    (void)remove(path);
    (void)remove(path_in(plan, raw_profile, arena));
    if (process_interrupted() != 0) {
        return diag_system(diag, "interrupted");
    }
    return tried->kind != DIAG_INPUT || diag_input(diag, -1, "%s", tried->text);
}
