/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. */
#include "alsa/alsa_internal.h"

#include "rt/convert.h"

#include <errno.h>

/* By channel: where frame 'from' of each is, in a block of so many frames. */
static void **find_planes(const struct alsa_stream *stream, unsigned char *data,
                          size_t block, size_t from)
{
    for (unsigned k = 0; k < stream->config.channels; k++) {
        stream->planes[k] = data + (k * block + from) * stream->sample_bytes;
    }
    return stream->planes;
}

static snd_pcm_sframes_t move(const struct alsa_stream *stream,
                              unsigned char *data, size_t block, size_t from,
                              snd_pcm_uframes_t frames)
{
    snd_pcm_t *pcm = stream->handle.pcm;
    bool is_mmap = stream->config.is_mmap;
    bool is_capture = stream->request.direction == SND_PCM_STREAM_CAPTURE;
    if (stream->config.is_planar) {
        void **planes = find_planes(stream, data, block, from);
        return is_capture ? is_mmap ? snd_pcm_mmap_readn(pcm, planes, frames)
                                    : snd_pcm_readn(pcm, planes, frames)
               : is_mmap ? snd_pcm_mmap_writen(pcm, planes, frames)
                          : snd_pcm_writen(pcm, planes, frames);
    }
    data += from * stream->config.channels * stream->sample_bytes;
    return is_capture ? is_mmap ? snd_pcm_mmap_readi(pcm, data, frames)
                                : snd_pcm_readi(pcm, data, frames)
           : is_mmap ? snd_pcm_mmap_writei(pcm, data, frames)
                      : snd_pcm_writei(pcm, data, frames);
}

int alsa_transfer(struct alsa *alsa, enum alsa_direction direction,
                  unsigned char *data, size_t from, size_t frames, size_t *done)
{
    size_t block = alsa->audio->patch->block_frames;
    struct alsa_stream *stream = &alsa->streams[direction];
    unsigned refusals = 0;
    *done = 0;
    while (*done < frames) {
        snd_pcm_sframes_t moved =
            move(stream, data, block, from + *done, frames - *done);
        if (moved > 0) {
            *done += (size_t)moved;
            stream->moved += (uint64_t)moved;
            stream->avail -= moved;
            refusals = 0;
            continue;
        }
        if (moved < 0 && moved != -EAGAIN && moved != -EINTR) {
            return (int)moved;
        }
        if (++refusals > alsa_patience_ms) {
            return -ETIMEDOUT;
        }
        if (refusals > 2) {
            alsa_sleep(alsa, 1);
        }
        int error = moved == -EINTR ? 0
                                    : alsa_wait(alsa, direction == ALSA_OUT,
                                                direction == ALSA_IN);
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

int alsa_read_block(struct alsa *alsa)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_IN];
    const struct f4e_patch *patch = alsa->audio->patch;
    size_t frames = patch->block_frames;
    size_t done;
    int error = alsa_transfer(alsa, ALSA_IN, stream->buffer, 0, frames, &done);
    if (error < 0) {
        return error;
    }
    unsigned step = stream->config.is_planar ? 1 : stream->config.channels;
    for (unsigned k = 0; k < stream->config.channels; k += step) {
        convert_to_float(stream->config.format, stream->recorded + k,
                         stream->buffer + k * frames * stream->sample_bytes,
                         step, frames);
    }
    for (unsigned k = 0; k < stream->config.channels; k++) {
        if (stream->recorded[k] != NULL) {
            stats_input(alsa->audio->stats, stream->recorded[k], frames);
        }
    }
    return 0;
}

int alsa_write_pending(struct alsa *alsa)
{
    size_t done;
    int error = alsa_transfer(alsa, ALSA_OUT, alsa->streams[ALSA_OUT].buffer,
                              alsa->pending_at, alsa->pending, &done);
    alsa->pending -= done;
    alsa->pending_at += done;
    return error;
}

int alsa_write_block(struct alsa *alsa, size_t frames)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    const struct alsa_config *config = &stream->config;
    size_t block = alsa->audio->patch->block_frames;
    for (size_t i = 0; stream->mixed != NULL && i < frames; i++) {
        stream->mixed[i] = 0.5F * (alsa->out[0][i] + alsa->out[1][i]);
    }
    bool is_dithered =
        alsa->audio->options->is_dithering && config->format == FORMAT_S16;
    unsigned step = config->is_planar ? 1 : config->channels;
    for (unsigned k = 0; k < config->channels; k += step) {
        unsigned char *to = stream->buffer + k * block * stream->sample_bytes;
        if (is_dithered) {
            convert_dithered(to, stream->playing + k, step, frames,
                             &alsa->dither);
        } else {
            (void)convert_from_float(config->format, to, stream->playing + k,
                                     step, frames);
        }
    }
    alsa->pending_at = 0;
    alsa->pending = frames;
    return alsa_write_pending(alsa);
}

int alsa_write_silence(struct alsa *alsa)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    snd_pcm_uframes_t buffer = stream->config.buffer_frames;
    size_t block = alsa->audio->patch->block_frames;
    size_t left = buffer > alsa->pending ? buffer - alsa->pending : 0;
    int error = 0;
    while (left > 0 && error == 0) {
        size_t done;
        size_t part = left < block ? left : block;
        error = alsa_transfer(alsa, ALSA_OUT, stream->silence, 0, part, &done);
        left -= part;
    }
    return error == 0 ? alsa_write_pending(alsa) : error;
}
