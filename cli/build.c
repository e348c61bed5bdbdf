/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700 /* realpath */
#include "build.h"

#include "base/file.h"
#include "base/process.h"
#include "base/workdir.h"
#include "check_files.h"
#include "compile.h"
#include "generate.h"
#include "inspect.h"
#include "progress.h"
#include "tune.h"
#include "validate.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MAX_MODULE_BYTES = 256 << 20,
    MAX_ASSET_BYTES = 1 << 30,
};

/* 1 read: bytes → module, checked through and through. */
static bool read_module(struct wasm_module *module,
                        const struct options *options, struct arena *arena,
                        struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    diag->file = NULL;
    if (!file_read(options->input, MAX_MODULE_BYTES, &bytes, &size, arena,
                   diag)) {
        return false;
    }
    diag->file = options->input;
    return wasm_read(module, bytes, size, arena, diag);
}

static bool read_assets(struct patch_asset *assets,
                        const struct options *options, struct arena *arena,
                        struct diag *diag)
{
    diag->file = NULL;
    for (uint32_t i = 0; i < options->asset_count; i++) {
        size_t size = 0;
        assets[i].address = options->assets[i].address;
        assets[i].file = options->assets[i].file;
        if (!file_read(assets[i].file, MAX_ASSET_BYTES, &assets[i].bytes, &size,
                       arena, diag)) {
            return false;
        }
        assets[i].size = (uint32_t)size;
    }
    diag->file = options->input;
    return true;
}

static struct describe_flags describe_flags(const struct options *options,
                                            const struct patch_asset *assets)
{
    return (struct describe_flags){
        .name = options->name,
        .entry = options->entry,
        .block_frames = options->block_frames,
        .sample_rate = options->sample_rate,
        .outputs = options->outputs,
        .output_count = options->output_count,
        .inputs = options->inputs,
        .input_count = options->input_count,
        .assets = assets,
        .asset_count = options->asset_count,
    };
}

/* 2 describe: module + flags → struct patch. */
static bool describe(struct patch *patch, const struct wasm_module *module,
                     const struct options *options, struct arena *arena,
                     struct diag *diag)
{
    struct patch_asset *assets =
        arena_alloc(arena, options->asset_count, sizeof(*assets));
    if (!read_assets(assets, options, arena, diag)) {
        return false;
    }
    const struct describe_flags flags = describe_flags(options, assets);
    return patch_describe(patch, module, file_base_name(options->output),
                          &flags, arena, diag);
}

/* Where the generated files go: a directory of the user's, or a private one. */
static bool open_directory(const char **directory, struct workdir *workdir,
                           const struct options *options, struct arena *arena,
                           struct diag *diag)
{
    if (!workdir_create(workdir, arena, diag)) {
        return false;
    }
    *directory = workdir->path;
    if (options->emit_c == NULL) {
        return true;
    }
    if (mkdir(options->emit_c, 0777) != 0 && errno != EEXIST) {
        return diag_system(diag, "cannot make '%s': %s", options->emit_c,
                           strerror(errno));
    }
    *directory = options->emit_c;
    return true;
}

/* Where the children of this build, which run elsewhere, find a file. */
static bool resolve(const char **path, const char *file, struct arena *arena,
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

static bool plan_compile(struct compile_plan *plan,
                         const struct options *options,
                         const struct toolchain *toolchain,
                         const char *directory, struct arena *arena,
                         struct diag *diag)
{
    static const char *const unchecked[] = {"-DF4E_UNCHECKED", NULL};
    *plan = (struct compile_plan){
        .toolchain = toolchain,
        .directory = directory,
        .output = options->output,
        .cpu = options->cpu,
        .level = options->level,
        .is_verbose = options->is_verbose,
        .is_cached = !options->is_uncached,
        .code_flags = options->is_unchecked ? unchecked : NULL,
    };
    return resolve(&plan->import_c, options->import_c, arena, diag);
}

/* With --pgo or --tune: let the patch run to find out how to compile it. */
static bool tune(struct compile_plan *plan, const struct patch *patch,
                 const struct options *options, const struct workdir *workdir,
                 struct progress *progress, struct arena *arena,
                 struct diag *diag)
{
    if (options->pgo_seconds == 0 && !options->is_tuning) {
        return true;
    }
    plan->objects = workdir_path(workdir, "objects", arena);
    if (mkdir(plan->objects, 0700) != 0) {
        return diag_system(diag, "cannot make '%s': %s", plan->objects,
                           strerror(errno));
    }
    struct tuned tuned;
    struct toolchain *second = arena_alloc(arena, 1, sizeof(*second));
    struct tuning tuning = {
        .plan = plan,
        .patch = patch,
        .seconds = options->pgo_seconds > 0 ? options->pgo_seconds
                                            : OPTIONS_PGO_SECONDS,
        .is_trying_all = options->is_tuning,
    };
    /* A compiler that was asked for is the only one. */
    if (options->is_tuning && options->cc == NULL &&
        toolchain_find_second(second, plan->toolchain, arena)) {
        tuning.second = second;
    }
    if (!resolve(&tuning.script, options->pgo_script, arena, diag) ||
        !tune_run(&tuned, &tuning, arena, diag)) {
        return false;
    }
    plan->code_flags = compile_flags_join(plan->code_flags, tuned.flags, arena);
    plan->code_toolchain = tuned.toolchain;
    progress_done(progress, "tune", "%s", tuned.variant);
    if (!options->is_quiet && tuned.notice != NULL) {
        (void)fprintf(stderr, "f4e-build: %s: notice: no profile: %s\n",
                      options->input, tuned.notice);
    }
    if (!options->is_quiet && *tuned.summary != '\0') {
        (void)fprintf(stderr, "f4e-build: %s: notice: %s\n", options->input,
                      tuned.summary);
    }
    return true;
}

static bool goes_on(struct diag *diag)
{
    return process_interrupted() == 0 || diag_system(diag, "interrupted");
}

static void print_notices(const struct patch *patch,
                          const struct options *options)
{
    for (uint32_t i = 0; i < patch->notice_count && !options->is_quiet; i++) {
        (void)fprintf(stderr, "f4e-build: %s: notice: %s\n", options->input,
                      patch->notices[i]);
    }
    if (options->is_unchecked && !options->is_quiet) {
        (void)fprintf(stderr,
                      "f4e-build: %s: notice: memory is not checked: a faulty "
                      "or hostile patch can do whatever you can\n",
                      options->input);
    }
}

/* Stages 4 to 6, in 'directory'. */
static bool make(const struct patch *patch, const struct normalised *normalised,
                 const enum glue_import *imports,
                 const struct toolchain *toolchain,
                 const struct options *options, const char *directory,
                 const struct workdir *workdir, struct progress *progress,
                 struct arena *arena, struct diag *diag)
{
    struct translation translation;
    size_t size = 0;
    if (!wasm_translate(&translation, patch->module, normalised,
                        toolchain->wasm2c, directory, arena, diag)) {
        return false;
    }
    progress_done(progress, "translate", "wasm2c %s", translation.wabt_version);
    if (!goes_on(diag) ||
        !generate_files(patch, &translation, imports, directory, arena, diag)) {
        return false;
    }
    progress_done(progress, "generate", "%u assets", patch->asset_count);
    struct compile_plan plan;
    if (!goes_on(diag) ||
        !plan_compile(&plan, options, toolchain, directory, arena, diag) ||
        !tune(&plan, patch, options, workdir, progress, arena, diag) ||
        !compile_run(&plan, &size, arena, diag)) {
        return false;
    }
    progress_done(progress, "compile", "%s -O%u, %s: %zu KiB",
                  file_base_name(toolchain->cc), options->level,
                  options->output, size / 1024);
    return true;
}

bool build_run(const struct options *options, struct arena *arena,
               struct diag *diag)
{
    struct progress progress;
    progress_start(&progress, options->is_verbose, options->is_quiet);
    struct wasm_module module;
    struct patch patch;
    struct normalised normalised;
    struct toolchain toolchain;
    const enum glue_import *imports = NULL;

    if (!check_files(options, arena, diag) ||
        !read_module(&module, options, arena, diag) ||
        !wasm_supported(&module, arena, diag) ||
        !wasm_validate(&module, arena, diag) ||
        !generate_imports(&imports, &module, options, arena, diag) ||
        !toolchain_find(&toolchain, options->cc, options->wasm2c, arena,
                        diag)) {
        return false;
    }
    progress_done(&progress, "read", "%zu bytes, %u functions", module.size,
                  module.function_count);
    if (!goes_on(diag) || !describe(&patch, &module, options, arena, diag)) {
        return false;
    }
    progress_done(&progress, "describe",
                  "%u outputs, %u inputs, %u Hz, "
                  "%u frames",
                  patch.output_count, patch.input_count, patch.sample_rate,
                  patch.block_frames);
    print_notices(&patch, options);
    if (!goes_on(diag) || !wasm_normalise(&normalised, &module, arena, diag)) {
        return false;
    }
    progress_done(&progress, "normalise", "%zu bytes", normalised.size);

    struct workdir workdir = {NULL};
    const char *directory = NULL;
    bool ok = open_directory(&directory, &workdir, options, arena, diag) &&
              make(&patch, &normalised, imports, &toolchain, options, directory,
                   &workdir, &progress, arena, diag);
    if (options->is_keeping && workdir.path != NULL) {
        (void)fprintf(stderr, "f4e-build: kept %s\n", workdir_keep(&workdir));
    }
    workdir_remove(&workdir);
    return ok;
}

bool build_inspect(const struct options *options, struct arena *arena,
                   struct diag *diag)
{
    struct wasm_module module;
    struct patch_asset *assets =
        arena_alloc(arena, options->asset_count, sizeof(*assets));
    if (!read_module(&module, options, arena, diag) ||
        !read_assets(assets, options, arena, diag)) {
        return false;
    }
    const struct describe_flags flags = describe_flags(options, assets);
    return inspect_module(&module, file_base_name(options->output), &flags,
                          options->is_json, stdout, arena, diag);
}
