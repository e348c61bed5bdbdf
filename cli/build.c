/* SPDX-License-Identifier: MIT */
#include "build.h"

#include "base/file.h"
#include "base/process.h"
#include "base/workdir.h"
#include "compile/compile.h"
#include "emit/depfile.h"
#include "emit/emit.h"
#include "emit/output_check.h"
#include "generate.h"
#include "inspect/inspect.h"
#include "metadata/embed.h"
#include "metadata/metadata.h"
#include "ranges/ranges.h"
#include "tune/tune_build.h"
#include "wasm/validate.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_MODULE_BYTES = 256 << 20 };

/* 1 read: bytes → module. */
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

/* The same, checked through and through: one that can be built. */
static bool read_sound_module(struct wasm_module *module,
                              const struct options *options,
                              struct arena *arena, struct diag *diag)
{
    return read_module(module, options, arena, diag) &&
           wasm_supported(module, arena, diag) &&
           wasm_validate(module, arena, diag);
}

static struct describe_flags describe_flags(const struct options *options,
                                            const struct document *document)
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
        .assets = document->assets,
        .asset_count = document->asset_count,
        .manifest = document->manifest,
    };
}

/* 2 describe: module + project or manifest + flags → struct patch. */
static bool describe(struct patch *patch, struct wasm_module *module,
                     const struct options *options, const char *default_name,
                     struct arena *arena, struct diag *diag)
{
    struct document document;
    if (!document_open(&document, module, options, true, arena, diag) ||
        !check_assets(options, document.assets, document.asset_count, diag)) {
        return false;
    }
    const struct describe_flags flags = describe_flags(options, &document);
    return patch_describe(patch, module, default_name, &flags, arena, diag);
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
                 const struct workdir *workdir, struct progress *progress,
                 struct arena *arena, struct diag *diag)
{
    struct translation translation;
    struct emit_job job = {options,   toolchain, patch, &translation,
                           directory, NULL,      NULL};
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
    return goes_on(diag) && tune_build(&job, workdir, progress, arena, diag) &&
           emit_run(&job, progress, arena, diag);
}

bool build_run(const struct options *options, struct arena *arena,
               struct diag *diag)
{
    struct progress progress;
    progress_start(&progress, options->is_verbose, options->is_quiet);
    struct wasm_module module;
    struct patch patch;
    struct normalised normalised;
    struct target target;
    struct toolchain toolchain;
    const struct toolchain_wish wish = {options->cc, options->wasm2c,
                                        options->sysroot, options->alsa,
                                        options->is_static};
    const enum glue_import *imports = NULL;
    const struct analysis *analysis = NULL;

    if (!target_choose(&target, options->target, options->cpu, arena, diag) ||
        !check_files(options, arena, diag) ||
        !read_sound_module(&module, options, arena, diag) ||
        !generate_imports(&imports, &module, options, arena, diag) ||
        !toolchain_find(&toolchain, &wish, &target, arena, diag) ||
        !toolchain_launch(&toolchain, options->launcher,
                          options->launcher_count, arena, diag) ||
        !tune_build_check(options, &toolchain, diag)) {
        return false;
    }
    progress_done(&progress, "read", "%zu bytes, %u functions", module.size,
                  module.function_count);
    if (!goes_on(diag) ||
        !describe(&patch, &module, options,
                  form_patch_name(options->form, options->output, arena), arena,
                  diag)) {
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
    bool ok =
        open_directory(&directory, &workdir, options, arena, diag) &&
        make(&patch, &normalised, imports, analysis, &toolchain, options,
             directory, &workdir, &progress, arena, diag) &&
        (options->depfile == NULL ||
         depfile_write(options, &patch, &toolchain, directory, arena, diag));
    if (options->is_keeping && workdir.path != NULL) {
        (void)fprintf(stderr, "f4e-build: kept %s\n", workdir_keep(&workdir));
    }
    workdir_remove(&workdir);
    return ok;
}

bool build_embed(const struct options *options, struct arena *arena,
                 struct diag *diag)
{
    struct progress progress;
    progress_start(&progress, options->is_verbose, options->is_quiet);
    struct wasm_module module;
    struct patch patch;
    size_t size = 0;
    if (!check_files(options, arena, diag) ||
        !read_sound_module(&module, options, arena, diag) ||
        !describe(&patch, &module, options, file_base_name(options->input),
                  arena, diag)) {
        return false;
    }
    print_notices(&patch, options);
    if (!goes_on(diag) || !embed_write(&patch, options->output,
                                       MAX_MODULE_BYTES, &size, arena, diag)) {
        return false;
    }
    progress_done(&progress, "embed", "%s: %zu bytes, %u assets",
                  options->output, size, patch.asset_count);
    return true;
}

bool build_inspect(const struct options *options, struct arena *arena,
                   struct diag *diag)
{
    struct wasm_module module;
    struct document document;
    if (!read_module(&module, options, arena, diag) ||
        !document_open(&document, &module, options, false, arena, diag)) {
        return false;
    }
    struct describe_flags flags = describe_flags(options, &document);
    flags.explains_ranges = options->ranges == RANGES_ON;
    return inspect_module(
        &module, form_patch_name(options->form, options->output, arena), &flags,
        options->is_json, stdout, arena, diag);
}
