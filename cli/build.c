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
#include "ranges/proof.h"
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

static bool compile(const struct options *options,
                    const struct toolchain *toolchain, const char *directory,
                    size_t *size, struct arena *arena, struct diag *diag)
{
    struct compile_plan plan = {
        .toolchain = toolchain,
        .directory = directory,
        .output = options->output,
        .cpu = options->cpu,
        .level = options->level,
        .is_verbose = options->is_verbose,
        .is_cached = !options->is_uncached,
    };
    if (options->import_c != NULL) {
        char *path = realpath(options->import_c, NULL);
        if (path == NULL) {
            return diag_input(diag, -1, "cannot open '%s': %s",
                              options->import_c, strerror(errno));
        }
        plan.import_c = arena_copy(arena, path, strlen(path));
        free(path);
    }
    return compile_run(&plan, size, arena, diag);
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
}

/* Whether the build takes address ranges into account. */
static bool wants_ranges(const struct options *options)
{
    return options->ranges == RANGES_DEFAULT ? options->level >= 2
                                             : options->ranges != RANGES_OFF;
}

/*
 * 3 normalise, with the address ranges that can be proven. '*analysis' becomes
 * NULL where there is nothing that would help.
 */
static bool normalise(struct normalised *normalised,
                      const struct analysis **analysis,
                      const struct patch *patch,
                      const enum glue_import *imports,
                      const struct options *options, struct progress *progress,
                      struct arena *arena, struct diag *diag)
{
    struct analysis *ranges = arena_alloc(arena, 1, sizeof(*ranges));
    *analysis = NULL;
    if (wants_ranges(options)) {
        bool has_host_code = false;
        for (uint32_t i = 0; i < patch->module->imported_function_count; i++) {
            has_host_code = has_host_code || imports[i] == GLUE_IMPORT_C;
        }
        proof_find(ranges, patch, has_host_code, arena);
        *analysis = analysis_is_useful(ranges) ? ranges : NULL;
        progress_done(progress, "ranges", "%s",
                      analysis_summary(ranges, arena));
    }
    return goes_on(diag) &&
           wasm_normalise(normalised, patch->module, *analysis, arena, diag);
}

/* Stages 4 to 6, in 'directory'. */
static bool make(const struct patch *patch, const struct normalised *normalised,
                 const enum glue_import *imports,
                 const struct analysis *analysis,
                 const struct toolchain *toolchain,
                 const struct options *options, const char *directory,
                 struct progress *progress, struct arena *arena,
                 struct diag *diag)
{
    struct translation translation;
    size_t size = 0;
    if (!wasm_translate(&translation, patch->module, normalised,
                        toolchain->wasm2c, directory, arena, diag)) {
        return false;
    }
    progress_done(progress, "translate", "wasm2c %s", translation.wabt_version);
    if (!goes_on(diag) ||
        !generate_files(patch, &translation, imports, analysis,
                        options->ranges == RANGES_CHECK, directory, arena,
                        diag)) {
        return false;
    }
    progress_done(progress, "generate", "%u assets", patch->asset_count);
    if (!goes_on(diag) ||
        !compile(options, toolchain, directory, &size, arena, diag)) {
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
    const struct analysis *analysis = NULL;

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
    if (!goes_on(diag) || !normalise(&normalised, &analysis, &patch, imports,
                                     options, &progress, arena, diag)) {
        return false;
    }
    progress_done(&progress, "normalise", "%zu bytes", normalised.size);

    struct workdir workdir = {NULL};
    const char *directory = NULL;
    bool ok = open_directory(&directory, &workdir, options, arena, diag) &&
              make(&patch, &normalised, imports, analysis, &toolchain, options,
                   directory, &progress, arena, diag);
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
    struct describe_flags flags = describe_flags(options, assets);
    flags.explains_ranges = options->ranges == RANGES_ON;
    return inspect_module(&module, file_base_name(options->output), &flags,
                          options->is_json, stdout, arena, diag);
}
