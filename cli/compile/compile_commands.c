/* SPDX-License-Identifier: MIT */
#include "compile/compile_commands.h"

#include "base/file.h"
#include "compile/alsa_stub.h"
#include "compile/shim_parts.h"
#include "compile/shim_sources.h"

#include <assert.h>

enum { MAX_ARGUMENTS = 64 };

struct argument_list {
    const char **argv;
    size_t count;
};

static void add(struct argument_list *list, const char *argument)
{
    assert(list->count + 1 < MAX_ARGUMENTS);
    list->argv[list->count++] = argument;
}

static struct argument_list new_list(struct arena *arena)
{
    return (struct argument_list){
        .argv = arena_alloc(arena, MAX_ARGUMENTS, sizeof(const char *))};
}

static void add_all(struct argument_list *list, const char *const *arguments)
{
    for (size_t i = 0; arguments != NULL && arguments[i] != NULL; i++) {
        add(list, arguments[i]);
    }
}

const char *const *compile_commands_join(const char *const *first,
                                         const char *const *second,
                                         struct arena *arena)
{
    struct argument_list list = new_list(arena);
    add_all(&list, first);
    add_all(&list, second);
    return list.argv;
}

/* What makes the compiler, or linker, work for the target. */
static void add_target_flags(struct argument_list *list,
                             const struct toolchain *toolchain,
                             struct arena *arena)
{
    const struct target *target = toolchain->target;
    if (target->is_cross && toolchain->is_clang) {
        add(list, arena_format(arena, "--target=%s", target->abi->triple));
    }
    if (toolchain->sysroot != NULL) {
        add(list, arena_format(arena, "--sysroot=%s", toolchain->sysroot));
    }
    add_all(list, (const char *const *)target->flags);
}

/*
 * Strict arithmetic: no contraction, no fast-math; -fno-math-errno changes no
 * result, it only lets sqrt() be one instruction. Not -fno-trapping-math: gcc
 * takes it as leave to lose the sign of zero. Without SLP a patch's
 * neighbouring variables are not loaded as one vector just after they were
 * stored one by one, which stalls (docs/performance.md has the figures).
 */
const char *const compile_flags[] = {
    "-std=c17",
    "-D_POSIX_C_SOURCE=200809L",
    "-ffp-contract=off",
    "-fno-math-errno",
    "-fno-tree-slp-vectorize",
    "-fvisibility=hidden",
    "-ffunction-sections",
    "-fdata-sections",
    "-fstack-clash-protection",
    "-pthread",
    "-w",
    NULL,
};

/* 'level': "-O2", say. */
static void add_flags(struct argument_list *list, const char *level,
                      const struct compile_plan *plan, struct arena *arena)
{
    const struct target *target = plan->toolchain->target;
    add(list, level); /* clang takes a later one as leave for SLP */
    add_all(list, compile_flags);
    add(list, arena_format(arena, "-DF4E_TARGET=\"%s, cpu %s\"",
                           target->abi->triple, target->cpu));
    add_target_flags(list, plan->toolchain, arena);
    add(list, plan->object != NULL || plan->kind == COMPILE_VERSION ? "-fPIC"
                                                                    : "-fPIE");
    /* Where the shim lies is no part of the program (__FILE__, assert). */
    add(list, arena_format(arena, "-ffile-prefix-map=%s=f4e-build",
                           plan->toolchain->data_dir));
    if (plan->toolchain->alsa != NULL) {
        add(list, arena_format(arena, "-I%s/include", plan->toolchain->alsa));
    }
    add(list, arena_format(arena, "-I%s/shim", plan->toolchain->data_dir));
    add(list, "-I."); /* also for <f4e-imports.h> */
}

/* The shim is the same for every level but that without optimisation, so that
 * another level finds its objects in the cache: small, and fast where the audio
 * thread runs. */
static const char *shim_level(const struct compile_plan *plan, bool is_hot)
{
    return plan->level == 0 ? "-O0" : is_hot ? "-O2" : plan->toolchain->small;
}

/* 'compiler', 'level' and 'flags' (or NULL) are what is special about this
 * unit. */
static void plan_unit(struct unit *unit, const struct toolchain *compiler,
                      const char *source, const char *object_stem,
                      const char *level, const char *const *flags,
                      const struct compile_plan *plan, struct arena *arena)
{
    struct argument_list list = new_list(arena);
    unit->source = source;
    unit->object = arena_format(arena, "%s.o", object_stem);
    add(&list, compiler->cc);
    add_flags(&list, level, plan, arena);
    add_all(&list, compiler->care);
    add_all(&list, flags);
    if (plan->import_c != NULL && source == plan->import_c) {
        add(&list,
            arena_format(arena, "-ffile-prefix-map=%.*s=",
                         (int)(strlen(source) - strlen(file_base_name(source))),
                         source));
    }
    if (plan->is_writing_rule && source == plan->import_c) {
        add(&list, "-MMD");
        add(&list, "-MF");
        add(&list, COMPILE_IMPORT_RULE);
    }
    add(&list, "-c");
    add(&list, source);
    add(&list, "-o");
    add(&list, unit->object);
    unit->argv = list.argv;
}

/* A cross build has its own stand-in for alsa-lib, unless there is a real one:
 * Debian does not have it for every architecture. */
static bool needs_stub(const struct compile_plan *plan)
{
    return plan->object == NULL && plan->kind != COMPILE_VERSION &&
           plan->toolchain->target->is_cross &&
           plan->toolchain->sysroot == NULL && plan->toolchain->alsa == NULL &&
           !plan->toolchain->is_static;
}

/* One command makes the library; it is linked and cached like an object. */
static void plan_stub(struct unit *unit, const struct compile_plan *plan,
                      struct arena *arena)
{
    struct argument_list list = new_list(arena);
    *unit = (struct unit){.source = ALSA_STUB_SOURCE,
                          .object = ALSA_STUB_LIBRARY,
                          .is_shim = true};
    add(&list, plan->toolchain->cc);
    if (plan->toolchain->linker != NULL) {
        add(&list, arena_format(arena, "-fuse-ld=%s", plan->toolchain->linker));
    }
    add_target_flags(&list, plan->toolchain, arena);
    add(&list, "-shared");
    add(&list, "-fPIC");
    add(&list, "-nostdlib");
    add(&list, "-w");
    add(&list, "-Wl,-soname,libasound.so.2");
    add(&list, arena_format(arena, "-Wl,--version-script=%s/shim/alsa.map",
                            plan->toolchain->data_dir));
    add(&list, unit->source);
    add(&list, "-o");
    add(&list, unit->object);
    unit->argv = list.argv;
}

/* "rt/engine.c" → "shim-rt-engine" */
static const char *object_stem(const char *source, struct arena *arena)
{
    char *stem = arena_format(arena, "shim-%s", source);
    for (char *p = stem; *p != '\0'; p++) {
        if (*p == '/') {
            *p = '-';
        }
    }
    stem[strlen(stem) - 2] = '\0';
    return stem;
}

/* For the patch's own code: variables that are computed alike are not put into
 * one vector, only to be taken apart again in the next frame; and an `if` of
 * the patch is one of C, which may be in more of them than the usual 256. With
 * 3000 clang has no stack left and crashes. */
static const char *const clang_flags[] = {"-mllvm", "-disable-vector-combine",
                                          "-fbracket-depth=1200", NULL};

/* The units that a build generates, and the file of --import-c. */
static void plan_generated(struct unit *units, size_t *count,
                           const struct compile_plan *plan, struct arena *arena)
{
    const struct toolchain *own = plan->toolchain;
    const char *level = arena_format(arena, "-O%u", plan->level);
    const struct toolchain *code =
        plan->code_toolchain != NULL ? plan->code_toolchain : own;
    plan_unit(&units[(*count)++], code, "glue.c", "glue", level,
              code->is_clang
                  ? compile_commands_join(clang_flags, plan->code_flags, arena)
                  : plan->code_flags,
              plan, arena);
    if (plan->import_c != NULL) {
        plan_unit(&units[(*count)++], own, plan->import_c, "imports", level,
                  NULL, plan, arena);
    }
    if (plan->object != NULL) {
        plan_unit(&units[(*count)++], own, "api.c", "api", level, NULL, plan,
                  arena);
    }
}

/* Nothing unwinds the shim's frames: traps jump. A tenth of an executable. */
static const char *const shim_flags[] = {"-fno-asynchronous-unwind-tables",
                                         SHIM_PARTS_FLAG, NULL};

/* One source of the shim by its name in the list. */
static void plan_shim(struct unit *unit, const char *source,
                      const struct compile_plan *plan, struct arena *arena)
{
    if (plan->is_benchmark && strcmp(source, "main.c") == 0) {
        source = "benchmark.c";
    }
    unit->is_shim = true;
    plan_unit(
        unit, plan->toolchain,
        arena_format(arena, "%s/shim/%s", plan->toolchain->data_dir, source),
        object_stem(source, arena),
        shim_level(plan, shim_sources_is_hot(source)), shim_flags, plan, arena);
}

/* Whether a source of a list is compiled: a player has a main() of its own, and
 * every part for whatever patch it loads; so has a library, whose list is
 * short.
 */
static bool is_planned(const struct compile_plan *plan, const char *source)
{
    if (plan->kind == COMPILE_PLAYER) {
        return strcmp(source, "main.c") != 0;
    }
    return plan->patch == NULL || plan->object != NULL ||
           shim_parts_needs(plan->patch, source);
}

/* One list of the shim's sources. */
static bool plan_list(struct unit *units, size_t *count, const char *suffix,
                      const struct compile_plan *plan, struct arena *arena,
                      struct diag *diag)
{
    struct shim_sources sources;
    if (!shim_sources_list(&sources, plan->toolchain->data_dir, suffix, arena,
                           diag)) {
        return false;
    }
    for (size_t i = 0; i < sources.count; i++) {
        if (is_planned(plan, sources.names[i])) {
            plan_shim(&units[(*count)++], sources.names[i], plan, arena);
        }
    }
    return true;
}

/* The generated units first: they take longest. */
bool compile_commands_plan(struct unit *units, size_t *count,
                           const struct compile_plan *plan, struct arena *arena,
                           struct diag *diag)
{
    const char *suffix = plan->object != NULL            ? ".library"
                         : plan->kind == COMPILE_VERSION ? ".version"
                                                         : "";
    *count = 0;
    if (plan->kind != COMPILE_PLAYER) {
        plan_generated(units, count, plan, arena);
    }
    if (!plan_list(units, count, suffix, plan, arena, diag) ||
        (plan->kind == COMPILE_PLAYER &&
         !plan_list(units, count, ".player", plan, arena, diag))) {
        return false;
    }
    if (!needs_stub(plan)) {
        return true;
    }
    plan_stub(&units[(*count)++], plan, arena);
    return alsa_stub_write(plan->toolchain->data_dir, plan->directory, arena,
                           diag);
}

/* What every executable and library is linked with. */
static void add_link_flags(struct argument_list *list,
                           const struct compile_plan *plan)
{
    bool is_version = plan->kind == COMPILE_VERSION;
    add(list, is_version                   ? "-shared"
              : plan->toolchain->is_static ? "-static-pie"
                                           : "-pie");
    add(list, "-pthread");
    add(list, "-Wl,--gc-sections");
    add(list, "-Wl,-z,relro,-z,now");
    add(list, "-s");
    if (plan->toolchain->linker != NULL) {
        /* lld names twenty missing functions and no more. Strings that end
         * alike share their bytes; so do functions that are the same, unless
         * somebody could tell by their addresses. */
        add(list, "-Wl,--error-limit=0");
        add(list, "-Wl,-O2");
        add(list, "-Wl,--icf=safe");
    }
}

const char **compile_commands_link(const struct unit *units, size_t count,
                                   const struct compile_plan *plan,
                                   struct arena *arena)
{
    struct argument_list list = new_list(arena);
    list.argv = arena_alloc(arena, MAX_ARGUMENTS + count, sizeof(const char *));
    add(&list, plan->toolchain->cc);
    if (plan->toolchain->linker != NULL) {
        add(&list, arena_format(arena, "-fuse-ld=%s", plan->toolchain->linker));
    }
    add_target_flags(&list, plan->toolchain, arena);
    if (plan->object != NULL) {
        add(&list, "-r");
        add(&list, "-nostdlib");
    } else {
        add_link_flags(&list, plan);
    }
    add_all(&list, plan->link_flags);
    add(&list, "-o");
    add(&list, "patch");
    for (size_t i = 0; i < count; i++) {
        list.argv[list.count++] = units[i].object;
    }
    if (plan->object == NULL) {
        if (plan->toolchain->alsa != NULL) {
            list.argv[list.count++] =
                arena_format(arena, "-L%s/lib", plan->toolchain->alsa);
        }
        if (!needs_stub(plan) && plan->kind != COMPILE_VERSION) {
            list.argv[list.count++] = "-lasound";
        }
        list.argv[list.count++] = "-lm";
    }
    return list.argv;
}

const char **compile_commands_localise(const struct compile_plan *plan,
                                       struct arena *arena)
{
    struct argument_list list = new_list(arena);
    add(&list, plan->object->objcopy);
    add(&list, "--strip-unneeded");
    for (size_t i = 0; plan->object->symbols[i] != NULL; i++) {
        add(&list, arena_format(arena, "--keep-global-symbol=%s",
                                plan->object->symbols[i]));
    }
    add(&list, "patch");
    return list.argv;
}

const char **compile_commands_flags(const struct compile_plan *plan,
                                    struct arena *arena)
{
    struct argument_list list = new_list(arena);
    add(&list, plan->toolchain->cc);
    add_flags(&list, shim_level(plan, true), plan, arena);
    add_all(&list, shim_flags);
    add_all(&list, plan->toolchain->care);
    add(&list, shim_level(plan, false));
    add(&list, "where the audio thread does not run");
    return list.argv;
}

const char *const *compile_commands_check(const struct compile_plan *plan,
                                          const char *output,
                                          struct arena *arena)
{
    const struct toolchain *toolchain = plan->toolchain;
    struct argument_list list = new_list(arena);
    add(&list, toolchain->cc);
    if (toolchain->linker != NULL) {
        add(&list, arena_format(arena, "-fuse-ld=%s", toolchain->linker));
    }
    add_flags(&list, arena_format(arena, "-O%u", plan->level), plan, arena);
    add_all(&list, toolchain->care);
    add_all(&list, toolchain->is_clang ? clang_flags : NULL);
    add(&list, "-pie");
    add(&list, arena_format(arena, "%s/shim/selfcheck.c", toolchain->data_dir));
    add(&list,
        arena_format(arena, "%s/shim/system/cpu.c", toolchain->data_dir));
    add(&list, "-o");
    add(&list, output);
    add(&list, "-lm");
    return list.argv;
}
