/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED_DEFAULT = 12345 };

int source_open(struct source *source, const char *input)
{
    *source = (struct source){.fd = -1, .seed = SEED_DEFAULT};
    if (strcmp(input, "lcg") == 0) {
        return 0;
    }
    if (strncmp(input, "lcg:", 4) == 0) {
        char *end;
        source->seed = (uint32_t)strtoul(input + 4, &end, 10);
        return end != input + 4 && *end == '\0' ? 0 : -EINVAL;
    }
    source->fd = open(input, O_RDONLY | O_CLOEXEC);
    return source->fd < 0 ? -errno : 0;
}

void source_close(struct source *source)
{
    if (source->fd >= 0) {
        (void)close(source->fd);
    }
    source->fd = -1;
}

static void rewind_lcg(struct source *source)
{
    for (unsigned k = 0; k < source->channels; k++) {
        source->lcg[k] = source->seed + k;
    }
    source->lcg_frame = 0;
}

bool source_configure(struct source *source, snd_pcm_format_t format,
                      unsigned channels)
{
    bool is_known =
        format == SND_PCM_FORMAT_FLOAT_LE || format == SND_PCM_FORMAT_S32_LE ||
        format == SND_PCM_FORMAT_S24_3LE || format == SND_PCM_FORMAT_S24_LE ||
        format == SND_PCM_FORMAT_S16_LE;
    if (channels > SOURCE_CHANNELS_MAX || (!is_known && source->fd < 0)) {
        return false;
    }
    source->format = format;
    source->channels = channels;
    rewind_lcg(source);
    return true;
}

static uint32_t step(uint32_t state)
{
    return state * 1664525u + 1013904223u;
}

static void store(unsigned char *out, uint32_t bits, size_t bytes)
{
    for (size_t k = 0; k < bytes; k++) {
        out[k] = (unsigned char)(bits >> (8 * k));
    }
}

/* The upper 24 bits of the state are the sample, in every format. */
static size_t store_sample(unsigned char *out, uint32_t state,
                           snd_pcm_format_t format)
{
    uint32_t upper = state & 0xffffff00u;
    uint32_t sign = (state & 0x80000000u) != 0 ? 0xff000000u : 0;
    if (format == SND_PCM_FORMAT_S16_LE) {
        store(out, upper >> 16, 2);
        return 2;
    }
    if (format == SND_PCM_FORMAT_S24_3LE) {
        store(out, upper >> 8, 3);
        return 3;
    }
    if (format == SND_PCM_FORMAT_S24_LE) {
        upper = upper >> 8 | sign;
    } else if (format == SND_PCM_FORMAT_FLOAT_LE) {
        float sample = (float)(upper >> 8) - (sign != 0 ? 16777216.0f : 0.0f);
        sample /= 8388608.0f;
        memcpy(&upper, &sample, sizeof(upper));
    }
    store(out, upper, 4);
    return 4;
}

static void fill_lcg(struct source *source, uint64_t frame, unsigned char *out,
                     size_t count)
{
    if (frame < source->lcg_frame) {
        rewind_lcg(source);
    }
    for (uint64_t end = frame + count; source->lcg_frame < end;
         source->lcg_frame++) {
        for (unsigned k = 0; k < source->channels; k++) {
            source->lcg[k] = step(source->lcg[k]);
            if (source->lcg_frame >= frame) {
                out += store_sample(out, source->lcg[k], source->format);
            }
        }
    }
}

static void fill_file(const struct source *source, uint64_t frame,
                      unsigned char *out, size_t count)
{
    size_t frame_bytes = (size_t)snd_pcm_format_physical_width(source->format) /
                         8 * source->channels;
    size_t left = count * frame_bytes;
    off_t at = (off_t)(frame * frame_bytes);
    while (left > 0) {
        ssize_t bytes = pread(source->fd, out, left, at);
        if (bytes <= 0) {
            memset(out, 0, left);
            return;
        }
        out += bytes;
        at += bytes;
        left -= (size_t)bytes;
    }
}

void source_fill(struct source *source, uint64_t frame, void *out, size_t count)
{
    if (source->fd >= 0) {
        fill_file(source, frame, out, count);
    } else {
        fill_lcg(source, frame, out, count);
    }
}
