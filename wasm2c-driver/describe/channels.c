/* SPDX-License-Identifier: MIT */
#include "describe/channels.h"

#include "describe/notice.h"

#include <inttypes.h>

enum {
    FRAME_BYTES = 4,
    STEREO = 2, /* as many as behaviour alone can tell apart */
};

uint64_t channels_memory_bytes(const struct wasm_module *module)
{
    bool has_memory =
        module->memory_count > 0 && !module->memories[0].limits.is_64;
    return has_memory ? module->memories[0].limits.min * WASM_PAGE_BYTES : 0;
}

/* Is it good? Notices what is merely odd. */
static bool check_channel(struct patch *patch, const char *side,
                          const struct describe_channel *channel,
                          struct arena *arena, struct diag *diag)
{
    uint64_t memory = channels_memory_bytes(patch->module);
    uint64_t bytes = (uint64_t)patch->block_frames * FRAME_BYTES;
    if (channel->channel >= PATCH_MAX_CHANNELS) {
        return diag_usage(diag, "%s channel %" PRIu32 ": the highest is %d",
                          side, channel->channel, PATCH_MAX_CHANNELS - 1);
    }
    if (bytes > memory || channel->address > memory - bytes) {
        return diag_input(
            diag, -1,
            "%s channel %" PRIu32 ": %" PRIu64 " bytes at address %" PRIu32
            " do not fit in memory 0, which has %" PRIu64,
            side, channel->channel, bytes, channel->address, memory);
    }
    if (channel->address % FRAME_BYTES != 0) {
        patch_notice(patch, arena,
                     "%s channel %" PRIu32 ": address %" PRIu32
                     " is not a multiple of %d",
                     side, channel->channel, channel->address, FRAME_BYTES);
    }
    return true;
}

bool channels_from_flags(struct patch *patch, bool is_output,
                         const struct describe_channel *list, uint32_t count,
                         struct arena *arena, struct diag *diag)
{
    const char *side = is_output ? "output" : "input";
    struct patch_channel *channels = is_output ? patch->outputs : patch->inputs;
    bool is_given[PATCH_MAX_CHANNELS] = {false};
    for (uint32_t i = 0; i < count; i++) {
        uint32_t channel = list[i].channel;
        if (!check_channel(patch, side, &list[i], arena, diag)) {
            return false;
        }
        if (is_given[channel]) {
            return diag_usage(diag, "%s channel %" PRIu32 " is given twice",
                              side, channel);
        }
        is_given[channel] = true;
        channels[channel] = (struct patch_channel){.channel = channel,
                                                   .address = list[i].address,
                                                   .source = SOURCE_FLAG};
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_given[i]) {
            return diag_usage(diag,
                              "%s channel %" PRIu32
                              " is missing: channels go from 0 without a gap",
                              side, i);
        }
    }
    if (count > 0 && is_output) {
        patch->output_count = count;
        patch->is_mono_duplicated = false;
    } else if (count > 0) {
        patch->input_count = count;
    }
    return true;
}

static void take_manifest(struct patch_channel *channels, uint32_t *count,
                          const struct manifest_channel *list,
                          uint32_t list_count, enum patch_source source)
{
    for (uint32_t i = 0; i < list_count; i++) {
        channels[i] =
            (struct patch_channel){i, list[i].address, source, list[i].where};
    }
    *count = list_count;
}

void channels_from_manifest(struct patch *patch,
                            const struct manifest *manifest)
{
    if (manifest->has_outputs) {
        take_manifest(patch->outputs, &patch->output_count, manifest->outputs,
                      manifest->output_count, manifest->source);
        patch->is_mono_duplicated =
            manifest->is_mono_duplicated && manifest->output_count == 1;
    }
    if (manifest->has_inputs) {
        take_manifest(patch->inputs, &patch->input_count, manifest->inputs,
                      manifest->input_count, manifest->source);
    }
}

/* "8, 520, 1032", with the number of those that the list left out. */
static const char *addresses(const struct access_pattern_buffer *list,
                             uint32_t count, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    uint32_t listed = count < PROBE_MAX_BUFFERS ? count : PROBE_MAX_BUFFERS;
    for (uint32_t i = 0; i < listed; i++) {
        buf_format(&text, "%s%" PRIu32, i > 0 ? ", " : "", list[i].address);
    }
    if (listed < count) {
        buf_format(&text, " and %" PRIu32 " more", count - listed);
    }
    return buf_string(&text);
}

/* Integers written as float bits are rare: where both kinds are found, buffers
 * of floats are meant. */
static uint32_t prefer_floats(struct access_pattern_buffer *list,
                              uint32_t count)
{
    struct access_pattern_buffer floats[STEREO];
    uint32_t float_count = 0;
    uint32_t listed = count < PROBE_MAX_BUFFERS ? count : PROBE_MAX_BUFFERS;
    if (count <= STEREO) {
        return count;
    }
    for (uint32_t i = 0; i < listed; i++) {
        if (list[i].is_f32) {
            if (float_count == STEREO) {
                return count;
            }
            floats[float_count++] = list[i];
        }
    }
    if (float_count == 0 || listed < count) {
        return count;
    }
    memcpy(list, floats, float_count * sizeof(*floats));
    return float_count;
}

static void take(struct patch_channel *channels,
                 const struct access_pattern_buffer *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        channels[i] = (struct patch_channel){
            .channel = i, .address = list[i].address, .source = SOURCE_PROBE};
    }
}

static bool take_outputs(struct patch *patch, const struct probe_result *probe,
                         struct arena *arena, struct diag *diag)
{
    struct access_pattern_buffer list[PROBE_MAX_BUFFERS];
    memcpy(list, probe->outputs, sizeof(list));
    uint32_t count = prefer_floats(list, probe->output_count);
    if (count > STEREO) {
        (void)diag_input(diag, -1,
                         "%" PRIu32 " buffers behave like outputs, at %s: say "
                         "which ones are",
                         count, addresses(list, count, arena));
        return diag_hint(diag,
                         "for example: --out 0=%" PRIu32 " --out 1=%" PRIu32,
                         list[0].address, list[1].address);
    }
    take(patch->outputs, list, count);
    patch->output_count = count;
    patch->is_mono_duplicated = count == 1;
    if (count == 0) {
        patch_notice(patch, arena,
                     "nothing in memory behaves like an output of %" PRIu32
                     " frames: the patch will be silent (see --out, --block)",
                     patch->block_frames);
    } else if (count == 1) {
        patch_notice(patch, arena,
                     "one output, at %" PRIu32
                     ": it plays on both speakers (for the left one alone: "
                     "--out 0=%" PRIu32 ")",
                     list[0].address, list[0].address);
    }
    return true;
}

static void take_inputs(struct patch *patch, const struct probe_result *probe,
                        struct arena *arena)
{
    uint32_t count = probe->input_count;
    if (count > STEREO) {
        patch_notice(patch, arena,
                     "%" PRIu32 " buffers behave like inputs, at %s: none is "
                     "taken (see --in)",
                     count, addresses(probe->inputs, count, arena));
        return;
    }
    take(patch->inputs, probe->inputs, count);
    patch->input_count = count;
}

bool channels_from_probe(struct patch *patch, const struct probe_result *probe,
                         bool wants_outputs, bool wants_inputs,
                         struct arena *arena, struct diag *diag)
{
    if (wants_inputs) {
        take_inputs(patch, probe, arena);
    }
    return !wants_outputs || take_outputs(patch, probe, arena, diag);
}

static void disconnect(struct patch *patch, bool is_output, struct arena *arena)
{
    struct patch_channel *channels = is_output ? patch->outputs : patch->inputs;
    uint32_t *count = is_output ? &patch->output_count : &patch->input_count;
    uint64_t memory = channels_memory_bytes(patch->module);
    uint64_t bytes = (uint64_t)patch->block_frames * FRAME_BYTES;
    for (uint32_t i = 0; i < *count; i++) {
        struct patch_channel *channel = &channels[i];
        if (channel->address != PATCH_UNCONNECTED &&
            (bytes > memory || channel->address > memory - bytes)) {
            patch_notice(patch, arena,
                         "%s channel %" PRIu32 "%s%s%s: %" PRIu32
                         " frames at byte %" PRIu32
                         " do not fit in memory 0: not connected",
                         is_output ? "output" : "input", i,
                         channel->where != NULL ? " (" : "",
                         channel->where != NULL ? channel->where : "",
                         channel->where != NULL ? ")" : "", patch->block_frames,
                         channel->address);
            channel->address = PATCH_UNCONNECTED;
        }
    }
    while (*count > 0 && channels[*count - 1].address == PATCH_UNCONNECTED) {
        (*count)--;
    }
}

void channels_disconnect(struct patch *patch, struct arena *arena)
{
    disconnect(patch, true, arena);
    disconnect(patch, false, arena);
    patch->is_mono_duplicated =
        patch->is_mono_duplicated && patch->output_count == 1;
}
