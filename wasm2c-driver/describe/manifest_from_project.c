/* SPDX-License-Identifier: MIT */
#include "describe/manifest.h"

#include "base/utf8.h"
#include "project/project.h"

#include <inttypes.h>
#include <math.h>

/* What is being turned into what. */
struct reading {
    struct manifest *manifest;
    const struct project *project;
    const struct project_config *config;
    struct arena *arena;
};

static const char *where(const struct reading *reading, uint32_t line)
{
    return arena_format(reading->arena, "%s:%" PRIu32, reading->project->file,
                        line);
}

/* The value as it was typed, for messages. */
static const char *print_value(const struct project_value *value,
                               struct arena *arena)
{
    return value->text != NULL ? utf8_print_text(value->text, arena)
                               : arena_format(arena, "%.17g", value->number);
}

/* Why a name means nothing where only memory 0 will do. */
static const char *why_not(const struct reading *reading,
                           const struct patch_item *item)
{
    return item == NULL
               ? "is no variable of the project"
               : arena_format(reading->arena,
                              "lies in memory %" PRIu32 ", not in memory 0",
                              item->memory);
}

static const struct project_value *find(const struct reading *reading,
                                        const char *path)
{
    return project_find_value(reading->config, path);
}

static void take_notices(const struct reading *reading,
                         const struct project_notice *notices, uint32_t count,
                         uint32_t dropped)
{
    for (uint32_t i = 0; i < count; i++) {
        manifest_notice(reading->manifest, reading->arena, "%s",
                        project_notice_text(reading->project->file, &notices[i],
                                            reading->arena));
    }
    if (dropped > 0) {
        manifest_notice(reading->manifest, reading->arena,
                        "%s: and %" PRIu32 " more notices like these",
                        reading->project->file, dropped);
    }
}

static void take_name(const struct reading *reading)
{
    const struct project_value *value = find(reading, "export.fileName");
    if (value == NULL || value->text == NULL) {
        return;
    }
    static const char *const suffixes[] = {".wasm", ".8f4e"};
    size_t length = strlen(value->text);
    for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
        size_t tail = strlen(suffixes[i]);
        if (length > tail &&
            strcmp(value->text + length - tail, suffixes[i]) == 0) {
            length -= tail;
            break;
        }
    }
    reading->manifest->name = arena_copy(reading->arena, value->text, length);
    reading->manifest->name_where = where(reading, value->line);
}

/* The module computes with the rate of 'constants env'; another one in the
 * configuration makes every pitch wrong, here as in a browser. */
static void compare_rates(const struct reading *reading, double rate)
{
    double compiled = reading->project->env_rate_hz;
    if (compiled != 0 && compiled != rate) {
        manifest_notice(reading->manifest, reading->arena,
                        "%s: the rate is %g Hz, but SAMPLE_RATE in 'constants "
                        "env' is %g: pitch and tempo will be off",
                        reading->project->file, rate, compiled);
    }
}

static bool take_audio_rate(const struct reading *reading, struct diag *diag)
{
    struct manifest *manifest = reading->manifest;
    const struct project_value *value =
        find(reading, "audioRuntime.sampleRate");
    double rate = value != NULL ? value->number
                  : reading->config->runtime == PROJECT_RUNTIME_AUDIO
                      ? reading->config->rate_hz
                      : 0;
    if (rate == 0) {
        return true;
    }
    if (rate > (double)MANIFEST_MAX_RATE_HZ) {
        return diag_line(diag, reading->project->file,
                         value != NULL ? value->line : 0,
                         "audioRuntime.sampleRate is %g: the highest rate is "
                         "%d Hz",
                         rate, MANIFEST_MAX_RATE_HZ);
    }
    manifest->sample_rate = (uint32_t)lround(rate);
    manifest->rate_where = value != NULL
                               ? where(reading, value->line)
                               : arena_format(reading->arena, "%s, the default",
                                              reading->project->file);
    if (rate != (double)manifest->sample_rate) {
        manifest_notice(reading->manifest, reading->arena,
                        "%s: a rate of %.10g Hz is played as %" PRIu32 " Hz",
                        manifest->rate_where, rate, manifest->sample_rate);
    }
    compare_rates(reading, rate);
    return true;
}

/* The browser's timers count whole milliseconds, at least one. */
static void take_timer(const struct reading *reading)
{
    const double second_ms = 1000;
    struct manifest *manifest = reading->manifest;
    double interval = floor(second_ms / reading->config->rate_hz);
    manifest->runtime = RUNTIME_TIMER;
    manifest->tick_ms = interval < 1 ? 1 : (uint32_t)interval;
    manifest->has_outputs = true;
    manifest->has_inputs = true;
    compare_rates(reading, reading->config->rate_hz);
}

static const struct {
    const char *path;
    const char *name;
    bool is_output;
    uint32_t channel;
} buffers[] = {
    {"audioRuntime.audioOutBufferLAddress", "left output", true, 0},
    {"audioRuntime.audioOutBufferRAddress", "right output", true, 1},
    {"audioRuntime.audioInBufferLAddress", "input", false, 0},
};
enum { BUFFER_COUNT = sizeof(buffers) / sizeof(buffers[0]) };

static void take_buffer(const struct reading *reading, size_t row,
                        const struct project_value *value)
{
    struct manifest *manifest = reading->manifest;
    struct manifest_channel *list =
        buffers[row].is_output ? manifest->outputs : manifest->inputs;
    uint32_t *count = buffers[row].is_output ? &manifest->output_count
                                             : &manifest->input_count;
    struct manifest_channel channel = {PATCH_UNCONNECTED,
                                       where(reading, value->line)};
    uint32_t item = PROJECT_NONE;
    if (!project_find_address(reading->project, value, &channel.address,
                              &item)) {
        manifest_notice(manifest, reading->arena,
                        "%s: the %s is not connected: '%s' %s", channel.where,
                        buffers[row].name, print_value(value, reading->arena),
                        why_not(reading, item != PROJECT_NONE
                                             ? &reading->project->items[item]
                                             : NULL));
        return;
    }
    while (*count <= buffers[row].channel) {
        list[(*count)++] = (struct manifest_channel){PATCH_UNCONNECTED, NULL};
    }
    list[buffers[row].channel] = channel;
}

/* To the letter: a channel that is not configured is silent. A text that says
 * nothing about audio leaves the matter to the trial run. */
static void take_buffers(const struct reading *reading)
{
    struct manifest *manifest = reading->manifest;
    bool is_said = reading->config->runtime == PROJECT_RUNTIME_AUDIO;
    for (size_t i = 0; i < BUFFER_COUNT; i++) {
        is_said = is_said || find(reading, buffers[i].path) != NULL;
    }
    if (!is_said) {
        return;
    }
    manifest->has_outputs = true;
    manifest->has_inputs = true;
    manifest->block_frames = PATCH_DEFAULT_BLOCK_FRAMES;
    manifest->block_where = arena_format(reading->arena, "%s, as in a browser",
                                         reading->project->file);
    for (size_t i = 0; i < BUFFER_COUNT; i++) {
        const struct project_value *value = find(reading, buffers[i].path);
        if (value != NULL) {
            take_buffer(reading, i, value);
        }
    }
    if (manifest->output_count == 0) {
        manifest_notice(manifest, reading->arena,
                        "%s: no output is configured: the patch is silent, as "
                        "in a browser (see audioRuntime.audioOutBufferLAddress "
                        "and --out)",
                        reading->project->file);
    }
}

static bool take_runtime(const struct reading *reading, struct diag *diag)
{
    struct manifest *manifest = reading->manifest;
    const struct project_value *value = find(reading, "runtime");
    enum project_runtime runtime = reading->config->runtime;
    manifest->has_runtime = runtime != PROJECT_RUNTIME_NONE;
    manifest->runtime = RUNTIME_AUDIO;
    if (value != NULL) {
        manifest->runtime_where = where(reading, value->line);
    }
    if (runtime == PROJECT_RUNTIME_WORKER ||
        runtime == PROJECT_RUNTIME_MAIN_THREAD) {
        take_timer(reading);
        return true;
    }
    if (runtime == PROJECT_RUNTIME_NONE) {
        manifest_notice(manifest, reading->arena,
                        "%s: there is no '; @config runtime ...': the editor "
                        "would not run the project; it is built as one for "
                        "audio",
                        reading->project->file);
    }
    take_buffers(reading);
    return take_audio_rate(reading, diag);
}

static void take_keyboard(const struct reading *reading, const char *path,
                          uint32_t *address)
{
    const struct project_value *value = find(reading, path);
    if (value == NULL || value->text == NULL) {
        return;
    }
    uint32_t index = project_find_item(reading->project, value->text);
    const struct patch_item *item =
        index != PROJECT_NONE ? &reading->project->items[index] : NULL;
    if (item != NULL && item->memory == 0) {
        *address = item->address;
    } else {
        manifest_notice(reading->manifest, reading->arena,
                        "%s: '%s' %s: the keyboard does not reach it",
                        where(reading, value->line),
                        utf8_print_text(value->text, reading->arena),
                        why_not(reading, item));
    }
}

static void take_midi(const struct reading *reading)
{
    const struct project_config *config = reading->config;
    struct patch_midi *list =
        arena_alloc(reading->arena, config->midi_count, sizeof(*list));
    for (uint32_t i = 0; i < config->midi_count; i++) {
        list[i] =
            (struct patch_midi){config->midi[i].port, config->midi[i].callback,
                                where(reading, config->midi[i].line)};
    }
    reading->manifest->midi = list;
    reading->manifest->midi_count = config->midi_count;
}

static void take_params(const struct reading *reading)
{
    const struct project *project = reading->project;
    struct patch_param *list =
        arena_alloc(reading->arena, project->param_count, sizeof(*list));
    for (uint32_t i = 0; i < project->param_count; i++) {
        list[i] = project->params[i];
        list[i].where = where(reading, project->param_lines[i]);
    }
    reading->manifest->params = list;
    reading->manifest->param_count = project->param_count;
}

static void take_views(const struct reading *reading)
{
    const struct project *project = reading->project;
    struct patch_view *list =
        arena_alloc(reading->arena, project->view_count, sizeof(*list));
    for (uint32_t i = 0; i < project->view_count; i++) {
        list[i] = project->views[i];
        list[i].where = where(reading, project->view_lines[i]);
    }
    reading->manifest->views = list;
    reading->manifest->view_count = project->view_count;
}

static void take_senders(const struct reading *reading)
{
    const struct project *project = reading->project;
    struct patch_sender *list =
        arena_alloc(reading->arena, project->sender_count, sizeof(*list));
    for (uint32_t i = 0; i < project->sender_count; i++) {
        list[i] = project->senders[i];
        list[i].where = where(reading, project->sender_lines[i]);
    }
    reading->manifest->senders = list;
    reading->manifest->sender_count = project->sender_count;
}

/* A compiler may put the bytes of an asset into the module. */
static void take_held(struct manifest_asset *asset,
                      const struct project *project)
{
    if (project->module_image == NULL ||
        asset->address >= project->image_bytes) {
        return;
    }
    size_t room = project->image_bytes - asset->address;
    size_t bytes = asset->capacity < room ? asset->capacity : room;
    const uint8_t *held = project->module_image + asset->address;
    if (memcmp(held, project->text_image + asset->address, bytes) != 0) {
        asset->held = held;
        asset->held_bytes = (uint32_t)bytes;
    }
}

static void take_assets(const struct reading *reading)
{
    const struct project_config *config = reading->config;
    struct manifest_asset *list =
        arena_alloc(reading->arena, config->asset_count, sizeof(*list));
    for (uint32_t i = 0; i < config->asset_count; i++) {
        const struct project_asset *asset = &config->assets[i];
        uint32_t index = project_find_item(reading->project, asset->target);
        list[i] = (struct manifest_asset){
            .id = asset->id,
            .url = asset->url,
            .target = asset->target,
            .where = where(reading, asset->line),
        };
        if (index != PROJECT_NONE &&
            reading->project->items[index].memory == 0) {
            uint64_t room = reading->project->declarations[index].asset_bytes;
            list[i].address = reading->project->items[index].address;
            list[i].capacity = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
            list[i].is_placed = room > 0;
            take_held(&list[i], reading->project);
        }
    }
    reading->manifest->assets = list;
    reading->manifest->asset_count = config->asset_count;
}

static void take_function_names(const struct reading *reading)
{
    const struct project *project = reading->project;
    struct manifest_name *list = arena_alloc(
        reading->arena, (size_t)project->module_count + project->function_count,
        sizeof(*list));
    uint32_t count = 0;
    for (uint32_t i = 0; i < project->module_count; i++) {
        if (project->modules[i].function != PROJECT_NONE) {
            list[count++] = (struct manifest_name){project->modules[i].function,
                                                   project->modules[i].id};
        }
    }
    for (uint32_t i = 0; i < project->function_count; i++) {
        if (project->functions[i].function != PROJECT_NONE) {
            list[count++] = (struct manifest_name){
                project->functions[i].function, project->functions[i].name};
        }
    }
    reading->manifest->names = list;
    reading->manifest->name_count = count;
}

bool manifest_from_project(struct manifest *manifest,
                           const struct project *project,
                           const struct project_config *config, bool is_matched,
                           struct arena *arena, struct diag *diag)
{
    const struct reading reading = {manifest, project, config, arena};
    *manifest = (struct manifest){
        .source = SOURCE_PROJECT,
        .file = project->file,
        .items = project->items,
        .item_count = project->item_count,
    };
    take_notices(&reading, config->notices, config->notice_count,
                 config->dropped_notices);
    take_notices(&reading, project->notices, project->notice_count,
                 project->dropped_notices);
    take_name(&reading);
    if (!take_runtime(&reading, diag)) {
        return false;
    }
    take_keyboard(&reading, "keyboard.keyCodeMemory", &manifest->keyboard_code);
    take_keyboard(&reading, "keyboard.keyPressedMemory",
                  &manifest->keyboard_pressed);
    take_midi(&reading);
    take_params(&reading);
    take_views(&reading);
    take_senders(&reading);
    take_assets(&reading);
    if (is_matched) {
        take_function_names(&reading);
    }
    return true;
}
