/* SPDX-License-Identifier: MIT */
#include "describe/describe_internal.h"

#include "describe/notice.h"
#include "describe/static_facts.h"

#include <inttypes.h>

enum {
    JS_RATE_HZ = 44100, /* what older editors assumed */
    MAX_BLOCK_FRAMES = 65536,
    MAX_RATE_HZ = 1000000,
    SECOND_MS = 1000,
};

/* Is 'byte' one that a terminal or a service file shows as it is? */
static bool is_printable(unsigned char byte)
{
    return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

/* The name that was given or that a document says; NULL: neither. */
static const char *given_name(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    const struct describe_flags *flags = context->flags;
    if (flags->name != NULL) {
        patch->name_source = SOURCE_FLAG;
        return flags->name;
    }
    if (flags->manifest != NULL && flags->manifest->name != NULL) {
        patch->name_source = flags->manifest->source;
        patch->name_where = flags->manifest->name_where;
        return flags->manifest->name;
    }
    patch->name_source = SOURCE_DEFAULT;
    return NULL;
}

void describe_name(const struct describe_context *context,
                   const char *default_name)
{
    struct patch *patch = context->patch;
    const char *name = given_name(context);
    name = name != NULL ? name : default_name;
    size_t length = strlen(name);
    static const char suffix[] = ".wasm";
    size_t suffix_length = sizeof(suffix) - 1;
    if (patch->name_source == SOURCE_DEFAULT && length > suffix_length &&
        strcmp(name + length - suffix_length, suffix) == 0) {
        length -= suffix_length;
    }
    char *printable = arena_copy(context->arena, name, length);
    for (size_t i = 0; i < length; i++) {
        if (!is_printable((unsigned char)name[i])) {
            printable[i] = '_';
        }
    }
    patch->name = length > 0 ? printable : "patch";
    patch->given_name =
        length > 0 ? arena_copy(context->arena, name, length) : patch->name;
}

static void describe_runtime(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    const struct manifest *manifest = context->flags->manifest;
    patch->runtime = RUNTIME_AUDIO;
    patch->runtime_source = SOURCE_DEFAULT;
    if (manifest != NULL && manifest->has_runtime) {
        patch->runtime = manifest->runtime;
        patch->tick_ms = manifest->tick_ms;
        patch->runtime_source = manifest->source;
        patch->runtime_where = manifest->runtime_where;
    }
}

static void describe_block(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    const struct describe_flags *flags = context->flags;
    const struct manifest *manifest = flags->manifest;
    uint32_t frames = 0;
    if (!patch->is_driven_by_main) {
        frames = static_facts_block_frames(
            context->module, patch->buffer_function, patch->main_function);
    }
    patch->block_frames = frames != 0 ? frames : PATCH_DEFAULT_BLOCK_FRAMES;
    patch->block_source = frames != 0 ? SOURCE_MODULE : SOURCE_DEFAULT;
    if (manifest != NULL && manifest->block_frames != 0) {
        patch->block_frames = manifest->block_frames;
        patch->block_source = manifest->source;
        patch->block_where = manifest->block_where;
    }
    if (flags->block_frames != 0) {
        patch->block_frames = flags->block_frames;
        patch->block_source = SOURCE_FLAG;
        patch->block_where = NULL;
    }
}

/* The array that a channel plays from its start, or NULL. */
static const struct patch_item *
channel_array(const struct patch *patch, const struct patch_channel *channel)
{
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        if (item->memory == 0 && item->address == channel->address &&
            item->is_array && item->count > 1) {
            return item;
        }
    }
    return NULL;
}

/* Why a block is as long as it is, for the middle of a sentence. */
static const char *block_reason(const struct describe_context *context)
{
    const struct patch *patch = context->patch;
    return patch->block_source == SOURCE_FLAG ? " (--block)"
           : patch->block_where != NULL
               ? arena_format(context->arena, " (%s)", patch->block_where)
               : "";
}

void describe_block_notice(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    if (patch->runtime == RUNTIME_TIMER || patch->is_driven_by_main) {
        return;
    }
    uint32_t frames = static_facts_block_frames(
        context->module, patch->buffer_function, patch->main_function);
    if (frames != 0 && frames != patch->block_frames) {
        patch_notice(patch, context->arena,
                     "'buffer' computes %" PRIu32 " frames, and a block has "
                     "%" PRIu32 "%s: some are lost or heard twice "
                     "(see --block %" PRIu32 ")",
                     frames, patch->block_frames, block_reason(context),
                     frames);
    }
    /* Where it does not show in the code, the length of the array tells. */
    for (uint32_t i = 0; frames == 0 && i < patch->output_count; i++) {
        const struct patch_item *array =
            channel_array(patch, &patch->outputs[i]);
        if (array != NULL && array->count != patch->block_frames) {
            patch_notice(patch, context->arena,
                         "output channel %" PRIu32 " is '%s' with %" PRIu32
                         " elements, and a block has %" PRIu32
                         " frames%s (see --block %" PRIu32 ")",
                         i, array->name, array->count, patch->block_frames,
                         block_reason(context), array->count);
            return;
        }
    }
}

static void describe_rate(const struct describe_context *context)
{
    struct patch *patch = context->patch;
    const struct describe_flags *flags = context->flags;
    const struct manifest *manifest = flags->manifest;
    uint32_t rate = static_facts_sample_rate(context->module);
    patch->sample_rate = rate != 0 ? rate
                         : patch->generation == GENERATION_JS
                             ? JS_RATE_HZ
                             : PATCH_DEFAULT_RATE_HZ;
    patch->rate_source = rate != 0 ? SOURCE_MODULE : SOURCE_DEFAULT;
    if (manifest != NULL && manifest->sample_rate != 0) {
        patch->sample_rate = manifest->sample_rate;
        patch->rate_source = manifest->source;
        patch->rate_where = manifest->rate_where;
    }
    if (flags->sample_rate != 0) {
        patch->sample_rate = flags->sample_rate;
        patch->rate_source = SOURCE_FLAG;
        patch->rate_where = NULL;
    }
    if (patch->rate_source == SOURCE_DEFAULT) {
        patch_notice(patch, context->arena,
                     "the module does not show its sample rate: %" PRIu32
                     " Hz assumed (see --rate)",
                     patch->sample_rate);
    }
}

/* A tick is a block of one frame: rates then count ticks. Fails for flags that
 * speak of audio. */
static bool describe_ticks(const struct describe_context *context,
                           struct diag *diag)
{
    struct patch *patch = context->patch;
    const struct describe_flags *flags = context->flags;
    const char *flag = flags->block_frames != 0   ? "block"
                       : flags->sample_rate != 0  ? "rate"
                       : flags->output_count != 0 ? "out"
                       : flags->input_count != 0  ? "in"
                                                  : NULL;
    if (flag != NULL) {
        (void)diag_usage(
            diag,
            "--%s does not apply: the patch has no audio, its "
            "'main' is called every %" PRIu32 " ms%s%s",
            flag, patch->tick_ms, patch->runtime_where != NULL ? ", says " : "",
            patch->runtime_where != NULL ? patch->runtime_where : "");
        return diag_hint(diag, "--no-project builds it for audio");
    }
    patch->block_frames = 1;
    patch->block_source = patch->runtime_source;
    patch->block_where = patch->runtime_where;
    patch->sample_rate = (SECOND_MS + patch->tick_ms - 1) / patch->tick_ms;
    patch->rate_source = patch->runtime_source;
    patch->rate_where = patch->runtime_where;
    return true;
}

bool describe_numbers(const struct describe_context *context, struct diag *diag)
{
    struct patch *patch = context->patch;
    describe_runtime(context);
    if (patch->runtime == RUNTIME_TIMER) {
        return describe_ticks(context, diag);
    }
    describe_block(context);
    describe_rate(context);
    if (patch->block_frames > MAX_BLOCK_FRAMES) {
        return diag_usage(diag,
                          "a block of %" PRIu32 " frames: the longest has %d",
                          patch->block_frames, MAX_BLOCK_FRAMES);
    }
    if (patch->sample_rate > MAX_RATE_HZ) {
        return diag_usage(diag, "%" PRIu32 " Hz: the highest rate is %d Hz",
                          patch->sample_rate, MAX_RATE_HZ);
    }
    return true;
}
