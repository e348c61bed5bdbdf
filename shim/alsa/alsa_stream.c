/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_stream.h"

#include "alsa/alsa_names.h"
#include "common/alsa_errors.h"

#include <stdlib.h>

/* Device channels that a map needs. */
static unsigned map_channels(const struct channel_map *map)
{
    unsigned channels = 0;
    for (unsigned k = 0; k < map->count; k++) {
        unsigned above = map->pairs[k].device + 1U;
        channels = above > channels ? above : channels;
    }
    return channels;
}

static struct alsa_request make_request(const struct f4e_patch *patch,
                                        const struct options *options,
                                        const char *device,
                                        snd_pcm_stream_t direction)
{
    bool is_playback = direction == SND_PCM_STREAM_PLAYBACK;
    const struct channel_map *map =
        is_playback ? &options->out_map : &options->in_map;
    unsigned channels = is_playback ? patch->output_count : patch->input_count;
    /* Left alone is still stereo. */
    unsigned least = is_playback && channels < 2 ? 2 : channels;
    return (struct alsa_request){
        .device = device,
        .direction = direction,
        .has_format = options->has_format && is_playback,
        .format = options->format,
        .channels = map->count > 0 ? map_channels(map) : least,
        .may_be_mono = map->count == 0 && (channels <= 2 || !is_playback),
        .sample_rate = patch->sample_rate,
        .block_frames = patch->block_frames,
        .period_frames = options->period_frames,
        .periods = options->periods,
    };
}

/* As it is, else, with --resample, behind alsa-lib's converters. */
static bool open_device(struct alsa_stream *stream, bool may_convert,
                        struct failure *failure)
{
    struct alsa_refusal refusal = {ALSA_STEP_ACCESS, 0};
    struct alsa_request *request = &stream->request;
    const char *name =
        stream->reopen_name[0] != '\0' ? stream->reopen_name : request->device;
    for (int k = stream->is_converted ? 1 : 0; k < 2; k++) {
        request->is_resampling = k == 1;
        if (!alsa_open(&stream->handle, name, request->direction, k == 1,
                       failure)) {
            return false;
        }
        if (alsa_negotiate(stream->handle.pcm, request, &stream->config,
                           &refusal)) {
            snd_pcm_type_t type = snd_pcm_type(stream->handle.pcm);
            stream->is_converted = k == 1;
            stream->is_chain =
                type != SND_PCM_TYPE_HW && type != SND_PCM_TYPE_IOPLUG;
            stream->is_pipewire = alsa_is_pipewire(stream->handle.pcm);
            return true;
        }
        bool is_last = k == 1 || !may_convert ||
                       refusal.step == ALSA_STEP_ACCESS ||
                       refusal.step >= ALSA_STEP_SIZE;
        if (is_last) {
            (void)alsa_refuse(stream->handle.pcm, request, &refusal, failure);
            alsa_errors_detail(failure);
        }
        alsa_close(&stream->handle);
        if (is_last) {
            break;
        }
    }
    return false;
}

static bool allocate(struct alsa_stream *stream, const struct f4e_patch *patch)
{
    size_t frames = patch->block_frames;
    unsigned channels = stream->config.channels;
    bool is_playback = stream->request.direction == SND_PCM_STREAM_PLAYBACK;
    size_t planes = is_playback ? 1 : channels + 1U; /* one is silence */
    stream->sample_bytes = format_bytes(stream->config.format);
    stream->buffer = calloc(frames, channels * stream->sample_bytes);
    stream->silence = calloc(frames, channels * stream->sample_bytes);
    stream->planes = (void **)calloc(channels, sizeof(void *));
    stream->playing = (const float **)calloc(channels, sizeof(float *));
    stream->recorded = (float **)calloc(channels, sizeof(float *));
    stream->samples = calloc(planes * frames, sizeof(float));
    return stream->buffer != NULL && stream->planes != NULL &&
           stream->silence != NULL && stream->playing != NULL &&
           stream->recorded != NULL && stream->samples != NULL;
}

static void map_outputs(struct alsa_stream *stream,
                        const struct f4e_patch *patch,
                        const struct channel_map *map, float **out)
{
    unsigned channels = stream->config.channels;
    for (unsigned k = 0; k < map->count; k++) {
        if (map->pairs[k].patch < patch->output_count) {
            stream->playing[map->pairs[k].device] = out[map->pairs[k].patch];
        }
    }
    if (map->count > 0) {
        return;
    }
    for (unsigned k = 0; k < channels && k < patch->output_count; k++) {
        stream->playing[k] = out[k];
    }
    if (patch->output_count == 1 && patch->is_mono_duplicated && channels > 1) {
        stream->playing[1] = out[0];
    }
    if (channels == 1 && patch->output_count == 2) {
        stream->mixed = stream->samples;
        stream->playing[0] = stream->mixed;
    }
}

static void map_inputs(struct alsa_stream *stream,
                       const struct f4e_patch *patch,
                       const struct channel_map *map, const float **in)
{
    size_t frames = patch->block_frames;
    unsigned channels = stream->config.channels;
    const float *silence = stream->samples + channels * frames;
    stream->is_all_mono =
        map->count == 0 && channels == 1 && patch->input_count > 1;
    for (unsigned k = 0; k < patch->input_count; k++) {
        in[k] = silence;
        unsigned from = map->count > 0 ? channels : stream->is_all_mono ? 0 : k;
        for (unsigned i = 0; i < map->count; i++) {
            if (map->pairs[i].patch == k) {
                from = map->pairs[i].device;
            }
        }
        if (from < channels) {
            stream->recorded[from] = stream->samples + from * frames;
            in[k] = stream->recorded[from];
        }
    }
}

bool alsa_stream_open(struct alsa_stream *stream, const struct f4e_patch *patch,
                      const struct options *options, const char *device,
                      float **out, const float **in, struct failure *failure)
{
    snd_pcm_stream_t direction =
        out != NULL ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE;
    *stream = (struct alsa_stream){0};
    stream->request = make_request(patch, options, device, direction);
    if (!alsa_check_request(&stream->request, failure) ||
        !open_device(stream, options->is_resampling, failure)) {
        return false;
    }
    alsa_reopen_name(stream->handle.pcm, device, stream->reopen_name,
                     sizeof(stream->reopen_name));
    if (!allocate(stream, patch)) {
        alsa_stream_close(stream);
        return failure_set_memory(failure);
    }
    if (out != NULL) {
        map_outputs(stream, patch, &options->out_map, out);
    } else {
        map_inputs(stream, patch, &options->in_map, in);
    }
    return true;
}

void alsa_stream_lose(struct alsa_stream *stream)
{
    alsa_close(&stream->handle);
}

void alsa_stream_close(struct alsa_stream *stream)
{
    alsa_stream_lose(stream);
    free(stream->buffer);
    free(stream->silence);
    free((void *)stream->planes);
    free((void *)stream->playing);
    free((void *)stream->recorded);
    free(stream->samples);
    *stream = (struct alsa_stream){0};
}

bool alsa_stream_reopen(struct alsa_stream *stream, struct failure *failure)
{
    const struct alsa_config before = stream->config;
    struct alsa_request *request = &stream->request;
    const struct alsa_config *now = &stream->config;
    request->has_format = true;
    request->format = before.format;
    request->channels = before.channels;
    request->may_be_mono = false;
    request->period_frames = (unsigned)before.period_frames;
    request->buffer_frames = before.buffer_frames;
    bool is_open = open_device(stream, false, failure);
    if (is_open && (now->channels != before.channels ||
                    now->period_frames != before.period_frames ||
                    now->is_planar != before.is_planar ||
                    now->buffer_frames != before.buffer_frames)) {
        alsa_stream_lose(stream);
        is_open = failure_set(failure, STATUS_HARDWARE,
                              "the device '%s' came back as another one",
                              stream->reopen_name);
    }
    stream->config = before;
    return is_open;
}
