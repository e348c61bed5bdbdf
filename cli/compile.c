/* SPDX-License-Identifier: MIT */
#include "compile.h"

#include "base/file.h"
#include "base/process.h"

#include <assert.h>
#include <sys/utsname.h>
#include <unistd.h>

enum {
    MAX_ARGUMENTS = 64,
    MAX_UNITS = 60,
    COMPILE_TIMEOUT_MS = 30 * 60 * 1000,
    MAX_EXECUTABLE = 1 << 30,
};

/* One C file and the command that compiles it. */
struct unit {
    const char *source; /* as the compiler sees it, from the directory */
    const char *object;
    const char **argv;
    const char *cached; /* its object in the cache, or NULL */
    bool is_shim;
};

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

const char *const *compile_flags_join(const char *const *first,
                                      const char *const *second,
                                      struct arena *arena)
{
    struct argument_list list = new_list(arena);
    add_all(&list, first);
    add_all(&list, second);
    return list.argv;
}

static const char *machine(struct arena *arena)
{
    struct utsname name;
    return uname(&name) != 0 ? "unknown"
                             : arena_format(arena, "%s", name.machine);
}

/*
 * Flags that every unit gets. Strict arithmetic: no contraction, no fast-math;
 * -fno-math-errno changes no result, it only lets sqrt() be one instruction.
 * Not -fno-trapping-math: gcc takes it as leave to lose the sign of zero.
 * Without SLP a patch's neighbouring variables are not loaded as one vector
 * just after they were stored one by one, which stalls (docs/performance.md has
 * the figures).
 */
static void add_flags(struct argument_list *list,
                      const struct compile_plan *plan, struct arena *arena)
{
    const char *host = machine(arena);
    bool is_x86 = strcmp(host, "x86_64") == 0 || strcmp(host, "i686") == 0;
    add(list, "-std=c17");
    add(list, "-D_POSIX_C_SOURCE=200809L");
    add(list, arena_format(arena, "-DF4E_TARGET=\"%s-linux-gnu, cpu %s\"", host,
                           plan->cpu));
    add(list, arena_format(arena, "-O%u", plan->level));
    if (strcmp(plan->cpu, "baseline") != 0) {
        add(list, arena_format(arena, "%s=%s", is_x86 ? "-march" : "-mcpu",
                               plan->cpu));
    }
    add(list, "-ffp-contract=off");
    add(list, "-fno-math-errno");
    add(list, "-fPIE");
    add(list, "-fno-tree-slp-vectorize");
    add(list, "-fvisibility=hidden");
    add(list, "-ffunction-sections");
    add(list, "-fdata-sections");
    add(list, "-fstack-clash-protection");
    add(list, "-pthread");
    add(list, "-w");
    add(list, arena_format(arena, "-I%s/shim", plan->toolchain->data_dir));
    add(list, arena_format(arena, "-I%s/shim/rt", plan->toolchain->data_dir));
    add(list, "-iquote");
    add(list, ".");
}

/*
 * The parts of the shim where time does not count: no audio thread runs them.
 * They are most of an executable.
 */
static bool is_control(const char *source)
{
    static const char *const audio[] = {"rt/", "audio_", "alsa_", "trial"};
    for (size_t i = 0; i < sizeof(audio) / sizeof(audio[0]); i++) {
        if (strncmp(source, audio[i], strlen(audio[i])) == 0) {
            return false;
        }
    }
    return true;
}

static void plan_unit(struct unit *unit, const char *cc, const char *source,
                      const char *object_stem, const char *const *flags,
                      const struct compile_plan *plan, struct arena *arena)
{
    struct argument_list list = new_list(arena);
    unit->source = source;
    unit->object = arena_format(arena, "%s.o", object_stem);
    add(&list, cc);
    add_flags(&list, plan, arena);
    add_all(&list, flags);
    add(&list, "-c");
    add(&list, source);
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

/* The generated units first: they take longest. */
static bool plan_units(struct unit *units, size_t *count,
                       const struct compile_plan *plan, struct arena *arena,
                       struct diag *diag)
{
    static const char *const small[] = {"-Os", NULL};
    const uint8_t *list = NULL;
    size_t size = 0;
    const char *path =
        arena_format(arena, "%s/shim/SOURCES", plan->toolchain->data_dir);
    *count = 0;
    const char *cc = plan->toolchain->cc;
    plan_unit(&units[(*count)++],
              plan->code_toolchain != NULL ? plan->code_toolchain->cc : cc,
              "glue.c", "glue", plan->code_flags, plan, arena);
    if (plan->import_c != NULL) {
        plan_unit(&units[(*count)++], cc, plan->import_c, "imports", NULL, plan,
                  arena);
    }
    if (!file_read(path, 65536, &list, &size, arena, diag)) {
        return false;
    }
    for (const char *line = (const char *)list; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        if (length > 2 && line[0] != '#') {
            if (*count == MAX_UNITS) {
                return diag_tool(diag, "'%s' lists more than %d files", path,
                                 MAX_UNITS);
            }
            const char *source = arena_copy(arena, line, length);
            if (plan->is_trial && strcmp(source, "main.c") == 0) {
                source = "trial.c";
            }
            units[*count].is_shim = true;
            plan_unit(&units[(*count)++], cc,
                      arena_format(arena, "%s/shim/%s",
                                   plan->toolchain->data_dir, source),
                      object_stem(source, arena),
                      plan->level >= 2 && is_control(source) ? small : NULL,
                      plan, arena);
        }
        line += length + (line[length] == '\n');
    }
    return true;
}

static const char **plan_link(const struct unit *units, size_t count,
                              const struct compile_plan *plan,
                              struct arena *arena)
{
    struct argument_list list = new_list(arena);
    list.argv = arena_alloc(arena, MAX_ARGUMENTS + count, sizeof(const char *));
    add(&list, plan->toolchain->cc);
    if (plan->toolchain->linker != NULL) {
        add(&list, arena_format(arena, "-fuse-ld=%s", plan->toolchain->linker));
    }
    add(&list, "-pie");
    add(&list, "-pthread");
    add(&list, "-Wl,--gc-sections");
    add(&list, "-Wl,-z,relro,-z,now");
    add(&list, "-s");
    add_all(&list, plan->link_flags);
    add(&list, "-o");
    add(&list, "patch");
    for (size_t i = 0; i < count; i++) {
        list.argv[list.count++] =
            units[i].cached != NULL ? units[i].cached : units[i].object;
    }
    list.argv[list.count++] = "-lasound";
    list.argv[list.count++] = "-lm";
    return list.argv;
}

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
    return file_write(arena_format(arena, "%s/compile.sh", plan->directory),
                      script.bytes, script.length, 0755, diag);
}

/* What a compiler says when alsa-lib's headers or library are missing. */
static bool compile_failed(const struct process *process,
                           const char *const *argv, struct arena *arena,
                           struct diag *diag)
{
    const char *text = buf_string(&process->text);
    process_failed(process, argv, arena, diag);
    if (strstr(text, "alsa/asoundlib.h") != NULL ||
        strstr(text, "-lasound") != NULL) {
        return diag_hint(diag, "sudo apt install libasound2-dev");
    }
    return false;
}

static size_t worker_count(size_t units)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t workers = cores > 1 ? (size_t)cores : 1;
    return workers < units ? workers : units;
}

void compile_cache(struct cache *cache, const struct compile_plan *plan,
                   const char *text, struct arena *arena)
{
    struct argument_list flags = new_list(arena);
    cache->directory = NULL;
    if (plan->is_cached) {
        add(&flags, plan->toolchain->cc);
        add_flags(&flags, plan, arena);
        add(&flags, "-Os where is_control() says so");
        cache_open(cache, flags.argv, strcmp(plan->cpu, "native") == 0,
                   arena_format(arena, "%s/shim", plan->toolchain->data_dir),
                   text, arena);
    }
}

static void find_cached(struct cache *cache, struct unit *units, size_t count,
                        const struct compile_plan *plan, struct arena *arena)
{
    compile_cache(cache, plan, NULL, arena);
    if (cache->directory == NULL) {
        cache->directory = plan->objects;
    }
    for (size_t i = 0; i < count; i++) {
        units[i].cached =
            units[i].is_shim ? cache_find(cache, units[i].object, arena) : NULL;
    }
}

static void store_compiled(const struct cache *cache, const struct unit *units,
                           size_t count, const struct compile_plan *plan,
                           struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        if (units[i].is_shim && units[i].cached == NULL) {
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
    struct process running[MAX_UNITS];
    size_t workers = worker_count(count);
    size_t started = 0;
    bool ok = true;
    memset(running, 0, sizeof(running));
    for (size_t ended = 0; ok && ended < count; ended++) {
        size_t which = 0;
        while (ok && started < count && started - ended < workers) {
            if (plan->is_verbose) {
                (void)fprintf(stderr, "  %s\n",
                              process_quote(units[started].argv, arena));
            }
            ok = process_start(&running[started], units[started].argv,
                               plan->directory, arena, diag);
            started++;
        }
        ok = ok && process_wait_any(running, started, COMPILE_TIMEOUT_MS,
                                    &which, diag);
        ok = ok &&
             (process_succeeded(&running[which]) ||
              compile_failed(&running[which], units[which].argv, arena, diag));
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

/* The units that have no object yet, in order; '*count' becomes theirs. */
static struct unit *missing_units(const struct unit *units, size_t *count,
                                  struct arena *arena)
{
    struct unit *missing = arena_alloc(arena, *count, sizeof(*missing));
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (units[i].cached == NULL) {
            missing[kept++] = units[i];
        }
    }
    *count = kept;
    return missing;
}

/* The directory may be the user's (--emit-c): sources stay, objects go. */
static void remove_products(const struct unit *compiled, size_t count,
                            const struct compile_plan *plan,
                            struct arena *arena)
{
    for (size_t i = 0; i < count; i++) {
        (void)remove(
            arena_format(arena, "%s/%s", plan->directory, compiled[i].object));
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
            compile_failed(&linker, command, arena, diag));
}

bool compile_run(const struct compile_plan *plan, size_t *size,
                 struct arena *arena, struct diag *diag)
{
    struct unit units[MAX_UNITS] = {{0}};
    struct cache cache;
    size_t count = 0;
    if (!plan_units(units, &count, plan, arena, diag)) {
        return false;
    }
    /* The script compiles everything: it is to work elsewhere and later. */
    const char **script = plan_link(units, count, plan, arena);
    find_cached(&cache, units, count, plan, arena);
    const char **command = plan_link(units, count, plan, arena);
    size_t missing_count = count;
    const struct unit *missing = missing_units(units, &missing_count, arena);
    if (!write_script(units, count, script, plan, arena, diag) ||
        !compile_units(missing, missing_count, plan, arena, diag)) {
        return false;
    }
    store_compiled(&cache, units, count, plan, arena);
    if (!link_program(command, plan, arena, diag)) {
        return false;
    }
    const uint8_t *bytes = NULL;
    if (!read_program(&bytes, size, plan->directory, arena)) {
        diag_tool(diag, "'%s' wrote no program",
                  file_base_name(plan->toolchain->cc));
        return diag_hint(diag, "the command was: %s",
                         process_quote(command, arena));
    }
    remove_products(missing, missing_count, plan, arena);
    return file_write(plan->output, bytes, *size, 0777, diag);
}
