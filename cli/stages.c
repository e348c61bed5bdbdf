/* SPDX-License-Identifier: MIT */
#include "stages.h"

#include "base/file.h"
#include "base/process.h"
#include "base/workdir.h"
#include "channel_names.h"
#include "compile/selfcheck.h"
#include "emit/depfile.h"
#include "emit/emit.h"
#include "emit/output_check.h"
#include "generate.h"
#include "imports.h"
#include "inspect/inspect.h"
#include "metadata/embed.h"
#include "metadata/metadata.h"
#include "ranges/ranges.h"
#include "tables/copies.h"
#include "text/text_compile.h"
#include "translate/translate.h"
#include "tune/tune_build.h"
#include "version.h"
#include "wasm/validate.h"

#include <errno.h>
#include <sys/stat.h>

enum {
    MAX_MODULE_BYTES = 256 << 20,
    QUICK_LEVEL = 1, /* the fastest to build that keeps up with sound */
};

/* The private directory of this build, made when it is first needed. */
static bool open_workdir(struct build *build, struct diag *diag)
{
    return build->workdir.path != NULL ||
           workdir_create(&build->workdir, build->arena, diag);
}

/* The path of the module: the input, or what a compiler makes of a text. */
static bool find_module(struct build *build, const char **path,
                        const char **compiler, struct diag *diag)
{
    const struct options *options = build->options;
    const struct text_request request = {
        .path = options->input,
        .command = options->compiler,
        .module_limit = MAX_MODULE_BYTES,
        .timeout_ms = TEXT_COMPILE_MS,
        .is_quiet = options->is_quiet,
        .is_verbose = options->is_verbose,
    };
    struct text_result result;
    *path = build->module_name = options->input;
    if (!options->is_text) {
        return true;
    }
    if (!open_workdir(build, diag) ||
        !text_compile(&result, &request, &build->workdir, build->arena, diag)) {
        return false;
    }
    *path = result.module;
    *compiler = result.compiler;
    build->module_name = arena_format(build->arena, "%s: the module of '%s'",
                                      options->input, result.compiler);
    return true;
}

/* The module's bytes, parsed. */
bool stage_parse(struct build *build, struct diag *diag)
{
    const uint8_t *bytes = NULL;
    size_t size = 0;
    const char *path = NULL;
    const char *compiler = NULL;
    diag->file = NULL;
    if (!find_module(build, &path, &compiler, diag) ||
        !file_read(path, MAX_MODULE_BYTES, &bytes, &size, build->arena, diag)) {
        return false;
    }
    diag->file = build->module_name;
    if (!wasm_read(&build->module, bytes, size, build->arena, diag)) {
        return false;
    }
    build->summary = arena_format(build->arena, "%zu bytes, %u functions%s%s",
                                  size, build->module.function_count,
                                  compiler != NULL ? ", by " : "",
                                  compiler != NULL ? compiler : "");
    return true;
}

/* A module that can be built, for an output that can be written. */
bool stage_read_module(struct build *build, struct diag *diag)
{
    return output_check(build->options, build->arena, diag) &&
           stage_parse(build, diag) &&
           wasm_supported(&build->module, build->arena, diag) &&
           wasm_validate(&build->module, build->arena, diag);
}

/* Also what provides its imports, and the tools: a build that cannot end does
 * no work. */
bool stage_read(struct build *build, struct diag *diag)
{
    const struct options *options = build->options;
    struct arena *arena = build->arena;
    const struct toolchain_request request = {options->cc, options->wasm2c,
                                              options->sysroot, options->alsa,
                                              options->is_static};
    return target_choose(&build->target, options->target, options->cpu, arena,
                         diag) &&
           stage_read_module(build, diag) &&
           imports_choose(&build->imports, &build->module, options, arena,
                          diag) &&
           toolchain_find(&build->toolchain, &request, &build->target, arena,
                          diag) &&
           toolchain_launch(&build->toolchain, options->launcher,
                            options->launcher_count, arena, diag) &&
           tune_build_check(options, &build->toolchain, diag);
}

bool stage_metadata(struct build *build, struct diag *diag)
{
    const struct options *options = build->options;
    struct metadata *metadata = &build->metadata;
    bool is_building = options->command != COMMAND_INSPECT;
    if (!metadata_find(metadata, &build->module, options, is_building,
                       build->arena, diag) ||
        (is_building &&
         !output_check_assets(options, metadata->assets, metadata->asset_count,
                              build->arena, diag)) ||
        !channel_names_resolve(build->outputs, "out", options->outputs,
                               options->output_count, metadata->manifest,
                               diag) ||
        !channel_names_resolve(build->inputs, "in", options->inputs,
                               options->input_count, metadata->manifest,
                               diag)) {
        return false;
    }
    diag->file = build->module_name;
    build->summary = metadata->manifest == NULL
                         ? "none"
                         : arena_format(build->arena, "%u items, %u assets",
                                        metadata->manifest->item_count,
                                        metadata->asset_count);
    return true;
}

static struct describe_flags describe_flags(const struct build *build)
{
    const struct options *options = build->options;
    return (struct describe_flags){
        .name = options->name,
        .entry = options->entry,
        .block_frames = options->block_frames,
        .sample_rate = options->sample_rate,
        .outputs = build->outputs,
        .output_count = options->output_count,
        .inputs = build->inputs,
        .input_count = options->input_count,
        .assets = build->metadata.assets,
        .asset_count = build->metadata.asset_count,
        .manifest = build->metadata.manifest,
        .explains_ranges = options->ranges == RANGES_ON,
    };
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

bool stage_describe(struct build *build, struct diag *diag)
{
    struct patch *patch = &build->patch;
    const struct describe_flags flags = describe_flags(build);
    if (!patch_describe(patch, &build->module, build->default_name, &flags,
                        build->arena, diag)) {
        return false;
    }
    print_notices(patch, build->options);
    build->summary =
        arena_format(build->arena, "%u outputs, %u inputs, %u Hz, %u frames",
                     patch->output_count, patch->input_count,
                     patch->sample_rate, patch->block_frames);
    return true;
}

/* Whether the build takes address ranges into account. */
static bool wants_ranges(const struct options *options)
{
    return options->ranges == RANGES_DEFAULT ? options->level >= 2
                                             : options->ranges != RANGES_OFF;
}

/* Never fails: what is not proven is checked at run time. */
bool stage_ranges(struct build *build, struct diag *diag)
{
    struct arena *arena = build->arena;
    bool has_host_code = false;
    (void)diag;
    if (!wants_ranges(build->options)) {
        return true;
    }
    for (uint32_t i = 0; i < build->module.imported_function_count; i++) {
        has_host_code = has_host_code || build->imports[i] == GLUE_IMPORT_C ||
                        build->imports[i] == GLUE_IMPORT_MIDI_OR_C;
    }
    struct ranges *ranges = arena_alloc(arena, 1, sizeof(*ranges));
    struct wasm_module *copied = arena_alloc(arena, 1, sizeof(*copied));
    const struct wasm_module *module = build->patch.module;
    copies_make(copied, module, arena);
    build->patch.module = copied;
    ranges_find(ranges, &build->patch, has_host_code, arena);
    if (ranges_are_useful(ranges)) {
        build->ranges = ranges;
    } else {
        build->patch.module = module;
    }
    build->summary = ranges_summary(ranges, arena);
    return true;
}

bool stage_normalise(struct build *build, struct diag *diag)
{
    if (!wasm_normalise(&build->normalised, build->patch.module, build->ranges,
                        build->arena, diag)) {
        return false;
    }
    build->summary =
        arena_format(build->arena, "%zu bytes", build->normalised.size);
    return true;
}

/* Where the generated files go: a directory of the user's, or a private one. */
static bool open_directory(struct build *build, struct diag *diag)
{
    const struct options *options = build->options;
    if (!open_workdir(build, diag)) {
        return false;
    }
    build->request = (struct compile_request){
        .toolchain = &build->toolchain,
        .directory =
            options->emit_c != NULL ? options->emit_c : build->workdir.path,
        .patch = &build->patch,
        .import_c = options->import_c,
        .level = options->level,
        .jobs = options->jobs,
        .is_unchecked = options->is_unchecked,
        .is_verbose = options->is_verbose,
        .is_cached = !options->is_uncached,
        .is_writing_rule = options->depfile != NULL,
    };
    return options->emit_c == NULL || mkdir(options->emit_c, 0777) == 0 ||
           errno == EEXIST ||
           diag_system(diag, "cannot make '%s': %s", options->emit_c,
                       strerror(errno));
}

bool stage_translate(struct build *build, struct diag *diag)
{
    struct translation *translation = &build->translation;
    if (!open_directory(build, diag) ||
        !wasm_translate(translation, build->patch.module, &build->normalised,
                        build->toolchain.wasm2c, build->request.directory,
                        build->arena, diag)) {
        return false;
    }
    build->summary =
        arena_format(build->arena, "wasm2c %s", translation->wabt_version);
    return true;
}

bool stage_generate(struct build *build, struct diag *diag)
{
    const struct generation generation = {
        .patch = &build->patch,
        .translation = &build->translation,
        .imports = build->imports,
        .ranges = build->ranges,
        .is_checking = build->options->ranges == RANGES_CHECK,
        .version = F4E_VERSION,
    };
    build->summary =
        arena_format(build->arena, "%u assets", build->patch.asset_count);
    return generate_files(&generation, build->request.directory, build->arena,
                          diag);
}

/* A bundle is compiled elsewhere, by whatever is there. */
static bool check_compiler(const struct build *build, struct diag *diag)
{
    struct compile_plan plan;
    return build->options->emit_kind == EMIT_BUNDLE ||
           (plan_make(&plan, &build->request, build->options->output,
                      build->arena, diag) &&
            selfcheck_run(&plan, build->workdir.path, build->arena, diag));
}

bool stage_tune(struct build *build, struct diag *diag)
{
    bool is_checked = build->job != NULL && build->job->is_checked;
    if (!is_checked && !check_compiler(build, diag)) {
        return false;
    }
    return tune_build(&build->request, &build->summary, build->options,
                      &build->patch, &build->workdir, build->arena, diag);
}

bool stage_compile(struct build *build, struct diag *diag)
{
    const struct options *options = build->options;
    const struct emit_job job = {options, &build->patch, &build->request};
    if (!emit_run(&job, &build->summary, build->arena, diag)) {
        return false;
    }
    if (build->toolchain.newer_cc != NULL) {
        build->summary = arena_format(
            build->arena, "%s (%s is newer, not faster: --cc)", build->summary,
            file_base_name(build->toolchain.newer_cc));
    }
    return options->depfile == NULL ||
           depfile_write(options, &build->patch, &build->toolchain,
                         build->request.directory, build->arena, diag);
}

/* Of two builds the first is to sound soon. */
bool stage_speed(struct build *build, struct diag *diag)
{
    const struct options *options = build->options;
    bool is_single = version_has_globals(&build->module) ||
                     (options->level <= QUICK_LEVEL && !options->is_tuning &&
                      options->pgo_seconds == 0);
    if (build->job->is_quick && !is_single) {
        build->quick = *options;
        build->quick.level = QUICK_LEVEL;
        build->quick.is_tuning = false;
        build->quick.pgo_seconds = 0;
        build->options = &build->quick;
    }
    build->summary = arena_format(build->arena, "-O%u", build->options->level);
    return version_report(build->job, build->options, &build->metadata,
                          is_single, build->arena, diag);
}

bool stage_files(struct build *build, struct diag *diag)
{
    bool is_single = build->options != &build->quick && build->job->is_quick;
    return version_report(build->job, build->options, &build->metadata,
                          is_single, build->arena, diag);
}

bool stage_compile_version(struct build *build, struct diag *diag)
{
    return version_compile(build->job, &build->request, &build->summary,
                           build->arena, diag);
}

bool stage_embed(struct build *build, struct diag *diag)
{
    size_t size = 0;
    if (!embed_write(&build->patch, build->options->output, MAX_MODULE_BYTES,
                     &size, build->arena, diag)) {
        return false;
    }
    build->summary =
        arena_format(build->arena, "%s: %zu bytes, %u assets",
                     build->options->output, size, build->patch.asset_count);
    return true;
}

/* Describes by itself: it explains what cannot be built, too. */
bool stage_inspect(struct build *build, struct diag *diag)
{
    const struct describe_flags flags = describe_flags(build);
    return inspect_module(&build->module, build->default_name, &flags,
                          build->options->is_json, stdout, build->arena, diag);
}
