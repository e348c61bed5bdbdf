/* SPDX-License-Identifier: MIT */
#include "compile/compile.h"

#include "base/file.h"
#include "base/process.h"
#include "compile/cache.h"
#include "compile/compile_commands.h"
#include "compile/missing_imports.h"

#include <sys/stat.h>
#include <unistd.h>

/* An object and a profile are called after their source. */
const char *const compile_patterns[] = {
    "alsa_stub.c", "api.c", "compile.sh", COMPILE_IMPORT_RULE,
    "glue.*",      "*.o",   "patch",      NULL};

enum {
    COMPILE_TIMEOUT_MS = 30 * 60 * 1000,
    MAX_EXECUTABLE = 1 << 30,
};

static bool write_script(const struct unit *units, size_t count,
                         const char *const *link,
                         const struct compile_plan *plan, struct arena *arena,
                         struct diag *diag)
{
    struct buf script;
    buf_init(&script, arena);
    buf_text(&script, "#!/bin/sh\n# How f4e-build compiled this patch; run it "
                      "in this folder.\nset -e\n");
    for (size_t i = 0; i < count; i++) {
        buf_format(&script, "%s\n", process_quote(units[i].argv, arena));
    }
    buf_format(&script, "%s\n", process_quote(link, arena));
    if (plan->object != NULL) {
        buf_format(
            &script, "%s\n",
            process_quote(compile_commands_localise(plan, arena), arena));
    }
    return file_write(arena_format(arena, "%s/compile.sh", plan->directory),
                      script.bytes, script.length, 0755, diag);
}

/* What a compiler says when alsa-lib's headers or library are missing. */
static bool compile_failed(const struct process *process,
                           const char *const *argv,
                           const struct compile_plan *plan, struct arena *arena,
                           struct diag *diag)
{
    const char *text = buf_string(&process->text);
    if (missing_imports_said(text, plan, arena, diag)) {
        return false;
    }
    process_failed(process, argv, arena, diag);
    if (strstr(text, "alsa/asoundlib.h") != NULL ||
        strstr(text, "lasound") != NULL) {
        return diag_hint(diag, "sudo apt install libasound2-dev");
    }
    return false;
}

/* compile.sh does without the launcher: it may not be where that runs. */
static const char *const *launched(const char *const *argv,
                                   const char *const *launcher,
                                   struct arena *arena)
{
    size_t count = 1;
    for (size_t i = 0; launcher[i] != NULL; i++) {
        count++;
    }
    for (size_t i = 0; argv[i] != NULL; i++) {
        count++;
    }
    const char **list = arena_alloc(arena, count, sizeof(*list));
    count = 0;
    for (; *launcher != NULL; launcher++) {
        list[count++] = *launcher;
    }
    for (; *argv != NULL; argv++) {
        list[count++] = *argv;
    }
    return list;
}

static size_t worker_count(size_t units, unsigned jobs)
{
    long cores = jobs > 0 ? (long)jobs : sysconf(_SC_NPROCESSORS_ONLN);
    size_t workers = cores > 1 ? (size_t)cores : 1;
    return workers < units ? workers : units;
}

void compile_cache(struct cache *cache, const struct compile_plan *plan,
                   const char *text, struct arena *arena)
{
    cache->directory = NULL;
    if (plan->is_cached) {
        cache_open(cache, compile_commands_flags(plan, arena),
                   plan->toolchain->proper,
                   strcmp(plan->toolchain->target->cpu, "native") == 0,
                   plan->toolchain->data_dir, text, arena);
    }
}

/* Objects that are kept: copies beside those that are compiled. */
static void find_cached(struct cache *cache, struct unit *units, size_t count,
                        const struct compile_plan *plan, struct arena *arena)
{
    compile_cache(cache, plan, NULL, arena);
    if (cache->directory == NULL) {
        cache->directory = plan->objects;
    }
    for (size_t i = 0; i < count; i++) {
        units[i].is_cached =
            units[i].is_shim &&
            cache_fetch(
                cache, units[i].object,
                arena_format(arena, "%s/%s", plan->directory, units[i].object),
                arena);
    }
}

static void store_compiled(const struct cache *cache, const struct unit *units,
                           size_t count, const struct compile_plan *plan,
                           struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        if (units[i].is_shim && !units[i].is_cached) {
            cache_store(
                cache, units[i].object,
                arena_format(arena, "%s/%s", plan->directory, units[i].object),
                arena);
        }
    }
}

static bool compile_units(const struct unit *units, size_t count,
                          const struct compile_plan *plan, struct arena *arena,
                          struct diag *diag)
{
    struct process running[COMPILE_MAX_UNITS];
    size_t workers = worker_count(count, plan->jobs);
    size_t started = 0;
    bool ok = true;
    memset(running, 0, sizeof(running));
    for (size_t ended = 0; ok && ended < count; ended++) {
        size_t which = 0;
        while (ok && started < count && started - ended < workers) {
            const char *const *command =
                launched(units[started].argv, plan->toolchain->launcher, arena);
            if (plan->is_verbose) {
                (void)fprintf(stderr, "  %s\n", process_quote(command, arena));
            }
            ok = process_start(&running[started], command, plan->directory,
                               arena, diag);
            started++;
        }
        ok = ok && process_wait_any(running, started, COMPILE_TIMEOUT_MS,
                                    &which, diag);
        ok = ok && (process_succeeded(&running[which]) ||
                    compile_failed(&running[which], units[which].argv, plan,
                                   arena, diag));
    }
    for (size_t i = 0; i < started; i++) {
        process_kill(&running[i]);
    }
    return ok;
}

/* What the linker wrote; false unless it is an executable by its first bytes.
 */
static bool read_program(const uint8_t **bytes, size_t *size,
                         const char *directory, struct arena *arena)
{
    static const char magic[4] = {0x7f, 'E', 'L', 'F'};
    struct diag missing;
    diag_init(&missing, NULL);
    return file_read(arena_format(arena, "%s/patch", directory), MAX_EXECUTABLE,
                     bytes, size, arena, &missing) &&
           *size > sizeof(magic) && memcmp(*bytes, magic, sizeof(magic)) == 0;
}

static bool wrote_nothing(const char *const *command, struct diag *diag,
                          struct arena *arena)
{
    diag_tool(diag, "'%s' wrote no program", file_base_name(command[0]));
    return diag_hint(diag, "the command was: %s",
                     process_quote(command, arena));
}

/* The units that have no object yet, in order; '*count' becomes theirs. */
static struct unit *missing_units(const struct unit *units, size_t *count,
                                  struct arena *arena)
{
    struct unit *missing = arena_alloc(arena, *count, sizeof(*missing));
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (!units[i].is_cached) {
            missing[kept++] = units[i];
        }
    }
    *count = kept;
    return missing;
}

/* The directory may be the user's (--emit-c): sources stay, objects go. */
static void remove_products(const struct unit *units, size_t count,
                            const struct compile_plan *plan,
                            struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        (void)remove(
            arena_format(arena, "%s/%s", plan->directory, units[i].object));
    }
    (void)remove(arena_format(arena, "%s/patch", plan->directory));
}

static bool link_program(const char *const *command,
                         const struct compile_plan *plan, struct arena *arena,
                         struct diag *diag)
{
    struct process linker;
    if (plan->is_verbose) {
        (void)fprintf(stderr, "  %s\n", process_quote(command, arena));
    }
    return process_run(&linker, command, plan->directory, COMPILE_TIMEOUT_MS,
                       arena, diag) &&
           (process_succeeded(&linker) ||
            compile_failed(&linker, command, plan, arena, diag));
}

/* Everything is there, and only what the object offers stays visible. */
static bool finish_object(const uint8_t **bytes, size_t *size,
                          const struct compile_plan *plan, struct arena *arena,
                          struct diag *diag)
{
    const char *const *command = compile_commands_localise(plan, arena);
    if (!missing_imports_check(*bytes, *size, plan, arena, diag) ||
        !link_program(command, plan, arena, diag)) {
        return false;
    }
    if (!read_program(bytes, size, plan->directory, arena)) {
        return wrote_nothing(command, diag, arena);
    }
    return true;
}

bool compile_run(const struct compile_plan *plan, size_t *size,
                 struct arena *arena, struct diag *diag)
{
    struct unit units[COMPILE_MAX_UNITS] = {{0}};
    struct cache cache;
    size_t count = 0;
    if (!compile_commands_plan(units, &count, plan, arena, diag)) {
        return false;
    }
    const char **command = compile_commands_link(units, count, plan, arena);
    find_cached(&cache, units, count, plan, arena);
    size_t missing_count = count;
    const struct unit *missing = missing_units(units, &missing_count, arena);
    /* The script compiles everything: it is to work elsewhere and later. */
    if (!write_script(units, count, command, plan, arena, diag) ||
        !compile_units(missing, missing_count, plan, arena, diag)) {
        return false;
    }
    store_compiled(&cache, units, count, plan, arena);
    if (!link_program(command, plan, arena, diag)) {
        return missing_count == count || diag->kind == DIAG_INPUT
                   ? false
                   : diag_hint(diag,
                               "objects came from '%s', and --no-cache "
                               "makes new ones",
                               cache.directory);
    }
    const uint8_t *bytes = NULL;
    if (!read_program(&bytes, size, plan->directory, arena)) {
        return wrote_nothing(command, diag, arena);
    }
    if (plan->object != NULL &&
        !finish_object(&bytes, size, plan, arena, diag)) {
        return false;
    }
    remove_products(units, count, plan, arena);
    return file_save(plan->output, bytes, *size,
                     plan->object != NULL ? 0666 : 0777, diag);
}

static const char player_name[] = "player";

bool compile_player_cached(const struct compile_plan *plan, struct arena *arena)
{
    struct cache cache;
    compile_cache(&cache, plan, player_name, arena);
    return cache_fetch(&cache, player_name, plan->output, arena) &&
           chmod(plan->output, 0700) == 0;
}

bool compile_player(const struct compile_plan *plan, struct arena *arena,
                    struct diag *diag)
{
    struct cache cache;
    size_t size = 0;
    if (!compile_run(plan, &size, arena, diag)) {
        return false;
    }
    compile_cache(&cache, plan, player_name, arena);
    cache_store(&cache, player_name, plan->output, arena);
    return true;
}
