/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_internal.h"

#include <errno.h>

#include "rt/convert.h"

enum { REFUSALS_MAX = 1000 }; /* in a row, of a device that has room */

static snd_pcm_sframes_t move(const struct alsa_stream *stream,
                              unsigned char *data, snd_pcm_uframes_t frames)
{
    snd_pcm_t *pcm = stream->handle.pcm;
    bool is_mmap = stream->terms.is_mmap;
    if (stream->wish.direction == SND_PCM_STREAM_CAPTURE) {
        return is_mmap ? snd_pcm_mmap_readi(pcm, data, frames)
                       : snd_pcm_readi(pcm, data, frames);
    }
    return is_mmap ? snd_pcm_mmap_writei(pcm, data, frames)
                   : snd_pcm_writei(pcm, data, frames);
}

int alsa_transfer(struct alsa *alsa, enum alsa_direction direction,
                  unsigned char *data, size_t frames, size_t *done)
{
    struct alsa_stream *stream = &alsa->streams[direction];
    unsigned refusals = 0;
    *done = 0;
    while (*done < frames) {
        snd_pcm_sframes_t moved =
            move(stream, data + *done * stream->frame_bytes, frames - *done);
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
        if (++refusals > REFUSALS_MAX) {
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
    int error = alsa_transfer(alsa, ALSA_IN, stream->buffer, frames, &done);
    if (error < 0) {
        return error;
    }
    convert_to_float(stream->terms.format, stream->recorded, stream->buffer,
                     stream->terms.channels, frames);
    for (unsigned k = 0; k < stream->terms.channels; ++k) {
        if (stream->recorded[k] != NULL) {
            stats_input(alsa->audio->stats, stream->recorded[k], frames);
        }
    }
    return 0;
}

int alsa_write_pending(struct alsa *alsa)
{
    size_t done;
    int error = alsa_transfer(alsa, ALSA_OUT,
                              alsa->streams[ALSA_OUT].buffer + alsa->pending_at,
                              alsa->pending, &done);
    alsa->pending -= done;
    alsa->pending_at += done * alsa->streams[ALSA_OUT].frame_bytes;
    return error;
}

int alsa_write_block(struct alsa *alsa, size_t frames)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    const struct alsa_terms *terms = &stream->terms;
    for (size_t i = 0; stream->mixed != NULL && i < frames; ++i) {
        stream->mixed[i] = 0.5F * (alsa->out[0][i] + alsa->out[1][i]);
    }
    if (alsa->audio->options->is_dithering && terms->format == FORMAT_S16) {
        convert_dithered(stream->buffer, stream->playing, terms->channels,
                         frames, &alsa->dither);
    } else {
        (void)convert_from_float(terms->format, stream->buffer, stream->playing,
                                 terms->channels, frames);
    }
    alsa->pending_at = 0;
    alsa->pending = frames;
    return alsa_write_pending(alsa);
}

int alsa_write_silence(struct alsa *alsa)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    snd_pcm_uframes_t buffer = stream->terms.buffer_frames;
    size_t block = alsa->audio->patch->block_frames;
    size_t left = buffer > alsa->pending ? buffer - alsa->pending : 0;
    int error = 0;
    while (left > 0 && error == 0) {
        size_t done;
        size_t part = left < block ? left : block;
        error = alsa_transfer(alsa, ALSA_OUT, stream->silence, part, &done);
        left -= part;
    }
    return error == 0 ? alsa_write_pending(alsa) : error;
}
