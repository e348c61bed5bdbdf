/* SPDX-License-Identifier: MIT */
#include "describe/describe.h"

#include "describe/describe_internal.h"

#include "base/utf8.h"
#include "describe/attachment.h"
#include "describe/channels.h"
#include "describe/notice.h"
#include "describe/static_facts.h"
#include "midi_import.h"
#include "tables/indirect.h"
#include "wasm/callgraph.h"

#include <inttypes.h>

enum { MILLION = 1000000 };

const char *patch_source_name(enum patch_source source)
{
    static const char *const names[] = {
        [SOURCE_DEFAULT] = "default",   [SOURCE_MODULE] = "module",
        [SOURCE_PROBE] = "probe",       [SOURCE_EMBEDDED] = "embedded",
        [SOURCE_MANIFEST] = "manifest", [SOURCE_PROJECT] = "project",
        [SOURCE_FLAG] = "flag",
    };
    return names[source];
}

const char *patch_generation_name(enum patch_generation generation)
{
    static const char *const names[] = {
        [GENERATION_CURRENT] = "current",
        [GENERATION_JS] = "js",
        [GENERATION_OTHER] = "other",
    };
    return names[generation];
}

/* The first export of these names, or UINT32_MAX. */
static uint32_t find_function(const struct wasm_module *module,
                              const char *name, const char *older_name)
{
    const struct wasm_export *export =
        wasm_find_export(module, WASM_FUNCTION, name);
    if (export == NULL && older_name != NULL) {
        export = wasm_find_export(module, WASM_FUNCTION, older_name);
    }
    return export != NULL ? export->index : UINT32_MAX;
}

static const char *list_exports(const struct describe_context *context)
{
    const struct wasm_module *module = context->module;
    struct buf text;
    buf_init(&text, context->arena);
    for (uint32_t i = 0; i < module->export_count; i++) {
        if (module->exports[i].kind == WASM_FUNCTION) {
            buf_format(
                &text, "%s'%s'", text.length > 0 ? ", " : "",
                wasm_name_print(module->exports[i].name, context->arena));
        }
    }
    return text.length > 0 ? buf_string(&text) : "nothing";
}

static bool describe_functions(const struct describe_context *context,
                               struct diag *diag)
{
    struct patch *patch = context->patch;
    const struct wasm_module *module = context->module;
    const struct manifest *manifest = context->flags->manifest;
    const char *entry = context->flags->entry;
    bool is_timer = manifest != NULL && manifest->has_runtime &&
                    manifest->runtime == RUNTIME_TIMER;
    if (entry == NULL && manifest != NULL) {
        entry = manifest->entry;
    }
    patch->init_function = find_function(module, "initDefaults", "init");
    patch->buffer_function = find_function(module, "buffer", NULL);
    patch->main_function = find_function(module, entry != NULL ? entry : "main",
                                         entry != NULL ? NULL : "cycle");
    patch->is_driven_by_main =
        entry != NULL || is_timer || patch->buffer_function == UINT32_MAX;
    if (patch->is_driven_by_main && patch->main_function == UINT32_MAX) {
        (void)diag_input(
            diag, -1, "%s; the module exports %s",
            entry != NULL ? arena_format(context->arena,
                                         "no function is exported as '%s'",
                                         utf8_print_text(entry, context->arena))
                          : "neither 'buffer' nor 'main' is exported",
            list_exports(context));
        return diag_hint(diag, "name the function to call for each frame: "
                               "--entry NAME");
    }
    return true;
}

static void describe_driver_notice(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    if (!patch->is_driven_by_main || patch->main_function == UINT32_MAX ||
        patch->runtime == RUNTIME_TIMER) {
        return;
    }
    const char *function = wasm_function_print(
        context->module, patch->main_function, context->arena);
    const char *plural = patch->block_frames == 1 ? "" : "s";
    if (patch->buffer_function == UINT32_MAX) {
        patch_notice(patch, context->arena,
                     "there is no 'buffer': a block is %" PRIu32
                     " call%s of %s (a browser would be silent)",
                     patch->block_frames, plural, function);
    } else {
        patch_notice(patch, context->arena,
                     "a block is %" PRIu32 " call%s of %s, not 'buffer'",
                     patch->block_frames, plural, function);
    }
}

static bool describe_assets(const struct describe_context *context,
                            struct diag *diag)
{
    const struct describe_flags *flags = context->flags;
    struct patch *patch = context->patch;
    uint64_t memory = channels_memory_bytes(context->module);
    for (uint32_t i = 0; i < flags->asset_count; i++) {
        const struct patch_asset *asset = &flags->assets[i];
        if (asset->size > memory || asset->address > memory - asset->size) {
            return diag_input(diag, -1,
                              "asset '%s': %" PRIu32
                              " bytes at address %" PRIu32
                              " do not fit in memory 0, which has %" PRIu64,
                              asset->file, asset->size, asset->address, memory);
        }
    }
    patch->assets =
        arena_alloc(context->arena, flags->asset_count, sizeof(*patch->assets));
    if (flags->asset_count > 0) {
        memcpy(patch->assets, flags->assets,
               flags->asset_count * sizeof(*patch->assets));
    }
    patch->asset_count = flags->asset_count;
    return true;
}

/* Why the probe stopped, as an error; true when it did not. */
static bool check_end(const struct describe_context *context,
                      const struct probe_result *probe, struct diag *diag)
{
    if (probe->end == PROBE_DONE) {
        return true;
    }
    if (probe->end == PROBE_REFUSED) {
        int64_t offset = probe->offset > 0 ? (int64_t)probe->offset : -1;
        (void)diag_input(diag, offset, "cannot try the patch out: %s",
                         probe->text);
        return diag_hint(diag, "say where its buffers are: --out 0=ADDR "
                               "--out 1=ADDR --in 0=ADDR");
    }
    const char *when =
        probe->stage == PROBE_START ? "while the module starts"
        : probe->stage == PROBE_INIT
            ? "in its initialisation"
            : arena_format(context->arena,
                           "in block %" PRIu32 " (the first is 0)",
                           probe->block - 1);
    const char *function =
        wasm_function_print(context->module, probe->function, context->arena);
    if (probe->end == PROBE_TRAPPED) {
        return diag_input(diag, (int64_t)probe->offset,
                          "the patch traps %s: %s in %s", when, probe->text,
                          function);
    }
    return diag_input(diag, (int64_t)probe->offset,
                      "the patch runs without end %s: %s, stopped after "
                      "%d million instructions",
                      when, function, PROBE_HARD_FUEL / MILLION);
}

static void notice_diag(const struct describe_context *context,
                        const struct diag *diag)
{
    if (diag->offset >= 0) {
        patch_notice(context->patch, context->arena, "0x%06" PRIx64 ": %s",
                     (uint64_t)diag->offset, diag->text);
    } else {
        patch_notice(context->patch, context->arena, "%s", diag->text);
    }
}

static bool run_probe(const struct describe_context *context,
                      struct probe_result *probe, struct diag *diag)
{
    const struct patch *patch = context->patch;
    const struct probe_plan plan = {
        .init_function = patch->init_function,
        .buffer_function = patch->buffer_function,
        .main_function = patch->main_function,
        .is_driven_by_main = patch->is_driven_by_main,
        .block_frames = patch->block_frames,
        .other_frames = patch->block_source == SOURCE_MODULE
                            ? PATCH_DEFAULT_BLOCK_FRAMES
                            : 0,
        .assets = patch->assets,
        .asset_count = patch->asset_count,
    };
    return probe_run(probe, context->module, &plan, context->arena, diag);
}

/* What behaviour shows. A stop is an error only while there is no output. */
static bool describe_behaviour(const struct describe_context *context,
                               struct diag *diag)
{
    struct patch *patch = context->patch;
    struct describe_survey *survey = context->survey;
    const struct manifest *manifest = context->flags->manifest;
    bool wants_outputs = context->flags->output_count == 0 &&
                         (manifest == NULL || !manifest->has_outputs);
    bool wants_inputs = context->flags->input_count == 0 &&
                        (manifest == NULL || !manifest->has_inputs);
    bool can_run = survey == NULL || survey->can_run;
    bool has_driver =
        !patch->is_driven_by_main || patch->main_function != UINT32_MAX;
    if (!can_run) {
        patch_notice(patch, context->arena,
                     "the module cannot be built, so it was not tried out");
    }
    if (!can_run || !has_driver || (!wants_outputs && !wants_inputs)) {
        return true;
    }
    struct probe_result *probe =
        survey != NULL ? &survey->probe
                       : arena_alloc(context->arena, 1, sizeof(*probe));
    if (!run_probe(context, probe, diag)) {
        return false;
    }
    if (survey != NULL) {
        survey->has_probe = true;
    }
    struct diag stop;
    diag_init(&stop, diag->file);
    if (!check_end(context, probe, &stop)) {
        bool is_settled = !wants_outputs || probe->output_count > 0;
        if (!is_settled) {
            *diag = stop;
            return false;
        }
        notice_diag(context, &stop);
    }
    if (probe->output_count > 0 && probe->block_frames != patch->block_frames) {
        patch->block_frames = probe->block_frames;
        patch->block_source = SOURCE_PROBE;
    }
    return channels_from_probe(patch, probe, wants_outputs, wants_inputs,
                               context->arena, diag);
}

static bool describe_names(const struct describe_context *context,
                           struct diag *diag)
{
    (void)diag;
    struct patch *patch = context->patch;
    const struct manifest *manifest = context->flags->manifest;
    if (manifest == NULL) {
        return true;
    }
    patch->names_source = manifest->source;
    patch->items = manifest->items;
    patch->item_count = manifest->item_count;
    patch->params = manifest->params;
    patch->param_count = manifest->param_count;
    patch->views = manifest->views;
    patch->view_count = manifest->view_count;
    patch->midi = manifest->midi;
    patch->midi_count = manifest->midi_count;
    patch->senders = manifest->senders;
    patch->sender_count = manifest->sender_count;
    patch->keyboard_code = manifest->keyboard_code;
    patch->keyboard_pressed = manifest->keyboard_pressed;
    for (uint32_t i = 0; i < manifest->notice_count; i++) {
        patch_notice(patch, context->arena, "%s", manifest->notices[i]);
    }
    if (manifest->dropped_notices > 0) {
        patch_notice(patch, context->arena,
                     "%s: and %" PRIu32 " more notices like these",
                     manifest->file, manifest->dropped_notices);
    }
    return true;
}

static bool describe_channels(const struct describe_context *context,
                              struct diag *diag)
{
    const struct describe_flags *flags = context->flags;
    if (flags->manifest != NULL) {
        channels_from_manifest(context->patch, flags->manifest);
    }
    return channels_from_flags(context->patch, true, flags->outputs,
                               flags->output_count, context->arena, diag) &&
           channels_from_flags(context->patch, false, flags->inputs,
                               flags->input_count, context->arena, diag);
}

static bool (*const steps[])(const struct describe_context *context,
                             struct diag *diag) = {
    describe_names,  describe_functions, describe_numbers,
    describe_assets, describe_channels,  describe_behaviour,
};

/* Where messages can go: by imports, and by words, of which one is a port. */
static void describe_midi_out(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    uint32_t most = patch->sender_count > 0 ? 1 : 0;
    for (uint32_t i = 0; i < patch->sender_count; i++) {
        const struct patch_sender *sender = &patch->senders[i];
        if (sender->items[F4E_SENDER_WORDS - 1] != F4E_NO_ITEM) {
            most = F4E_MIDI_PORTS;
        }
    }
    for (uint32_t i = 0; i < context->module->imported_function_count; i++) {
        uint32_t ports = midi_import_ports(context->module, i);
        most = ports > most ? ports : most;
    }
    patch->midi_out_ports = most;
}

/* 'file' is the module as it was given. */
static bool describe(const struct describe_context *context,
                     const struct wasm_module *file, const char *default_name,
                     struct diag *diag)
{
    struct patch *patch = context->patch;
    *patch = (struct patch){.module = context->module};
    attachment_sha256(file, patch->sha256, context->arena);
    patch->generation = static_facts_generation(context->module);
    describe_name(context, default_name);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct diag step;
        diag_init(&step, diag->file);
        if (steps[i](context, &step)) {
            continue;
        }
        if (context->survey == NULL || step.kind == DIAG_SYSTEM ||
            step.kind == DIAG_USAGE) {
            *diag = step;
            return false;
        }
        notice_diag(context, &step);
    }
    describe_block_notice(context);
    channels_disconnect(patch, context->arena);
    describe_driver_notice(context);
    patch->is_recursive =
        callgraph_is_recursive(context->module, context->arena);
    describe_midi_out(context);
    return true;
}

bool patch_describe(struct patch *patch, const struct wasm_module *module,
                    const char *default_name,
                    const struct describe_flags *flags, struct arena *arena,
                    struct diag *diag)
{
    struct wasm_module *direct = arena_alloc(arena, 1, sizeof(*direct));
    const struct describe_context context = {
        .patch = patch, .module = direct, .flags = flags, .arena = arena};
    return indirect_resolve(direct, module, arena, diag) &&
           describe(&context, module, default_name, diag);
}

bool patch_survey(struct patch *patch, struct describe_survey *survey,
                  const struct wasm_module *module, const char *default_name,
                  const struct describe_flags *flags, struct arena *arena,
                  struct diag *diag)
{
    struct wasm_module *direct = arena_alloc(arena, 1, sizeof(*direct));
    const struct describe_context context = {.patch = patch,
                                             .module = direct,
                                             .flags = flags,
                                             .survey = survey,
                                             .arena = arena};
    *direct = *module;
    return (!survey->can_run ||
            indirect_resolve(direct, module, arena, diag)) &&
           describe(&context, module, default_name, diag);
}
