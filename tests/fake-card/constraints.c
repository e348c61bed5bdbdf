/* SPDX-License-Identifier: MIT */
#include "constraints.h"

#include <errno.h>
#include <stdlib.h>

enum { FRAME_SIZES_MAX = 256 };

static int set_range(struct stream *stream, int what, const struct range *range)
{
    if (range->count == 0) {
        return snd_pcm_ioplug_set_param_minmax(&stream->io, what, range->least,
                                               range->most);
    }
    return snd_pcm_ioplug_set_param_list(&stream->io, what,
                                         (unsigned)range->count, range->list);
}

static void add_once(unsigned *sizes, size_t *count, unsigned size)
{
    for (size_t k = 0; k < *count; k++) {
        if (sizes[k] == size) {
            return;
        }
    }
    if (*count < FRAME_SIZES_MAX) {
        sizes[(*count)++] = size;
    }
}

/* The bytes a frame may have. */
static size_t frame_sizes(const struct settings *settings, unsigned *sizes)
{
    size_t count = 0;
    for (unsigned k = 0; k < settings->format_count; k++) {
        int bits = snd_pcm_format_physical_width(
            (snd_pcm_format_t)settings->formats[k]);
        for (unsigned channels = settings->channels.least;
             channels <= settings->channels.most &&
             channels <= SOURCE_CHANNELS_MAX;
             channels++) {
            if (bits > 0 && range_has(&settings->channels, channels)) {
                add_once(sizes, &count, (unsigned)bits / 8 * channels);
            }
        }
    }
    return count;
}

static int set_frames(struct stream *stream, int what,
                      const struct range *range, const unsigned *sizes,
                      size_t size_count)
{
    unsigned least = sizes[0];
    unsigned most = sizes[0];
    for (size_t k = 1; k < size_count; k++) {
        least = sizes[k] < least ? sizes[k] : least;
        most = sizes[k] > most ? sizes[k] : most;
    }
    if (range->count == 0) {
        return snd_pcm_ioplug_set_param_minmax(
            &stream->io, what, range->least * least, range->most * most);
    }
    unsigned *bytes = calloc(range->count * size_count, sizeof(*bytes));
    if (bytes == NULL) {
        return -ENOMEM;
    }
    unsigned count = 0;
    for (size_t k = 0; k < range->count; k++) {
        for (size_t i = 0; i < size_count; i++) {
            bytes[count++] = range->list[k] * sizes[i];
        }
    }
    int error = snd_pcm_ioplug_set_param_list(&stream->io, what, count, bytes);
    free(bytes);
    return error;
}

int constraints_apply(struct stream *stream)
{
    const struct settings *settings = &stream->settings;
    unsigned sizes[FRAME_SIZES_MAX];
    size_t count = frame_sizes(settings, sizes);
    if (count == 0) {
        return -EINVAL;
    }
    int error =
        snd_pcm_ioplug_set_param_list(&stream->io, SND_PCM_IOPLUG_HW_ACCESS,
                                      settings->access_count, settings->access);
    if (error >= 0) {
        error = snd_pcm_ioplug_set_param_list(
            &stream->io, SND_PCM_IOPLUG_HW_FORMAT, settings->format_count,
            settings->formats);
    }
    if (error >= 0) {
        error =
            set_range(stream, SND_PCM_IOPLUG_HW_CHANNELS, &settings->channels);
    }
    if (error >= 0) {
        error = set_range(stream, SND_PCM_IOPLUG_HW_RATE, &settings->rates_hz);
    }
    if (error >= 0) {
        error =
            set_range(stream, SND_PCM_IOPLUG_HW_PERIODS, &settings->periods);
    }
    if (error >= 0) {
        error = set_frames(stream, SND_PCM_IOPLUG_HW_PERIOD_BYTES,
                           &settings->period_frames, sizes, count);
    }
    if (error >= 0) {
        error = set_frames(stream, SND_PCM_IOPLUG_HW_BUFFER_BYTES,
                           &settings->buffer_frames, sizes, count);
    }
    return error;
}

bool constraints_hold(const struct stream *stream)
{
    const struct settings *settings = &stream->settings;
    const snd_pcm_ioplug_t *io = &stream->io;
    unsigned long periods = io->buffer_size / io->period_size;
    return range_has(&settings->period_frames, io->period_size) &&
           range_has(&settings->buffer_frames, io->buffer_size) &&
           !settings_refuse(settings, "rate", io->rate) &&
           !settings_refuse(settings, "channels", io->channels) &&
           !settings_refuse(settings, "period", io->period_size) &&
           !settings_refuse(settings, "periods", periods) &&
           !settings_refuse(settings, "buffer", io->buffer_size);
}
