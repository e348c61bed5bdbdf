/* SPDX-License-Identifier: MIT */
/*
 * What the card hears: a function of the frame alone, so that any read of the
 * same frame gets the same samples.
 */
#ifndef F4E_FAKE_CARD_SOURCE_H
#define F4E_FAKE_CARD_SOURCE_H

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SOURCE_CHANNELS_MAX = 64 };

struct source {
    int fd; /* of raw frames in the card's format, or -1 */
    uint32_t seed;
    uint32_t lcg[SOURCE_CHANNELS_MAX]; /* one generator a channel */
    uint64_t lcg_frame;                /* that the generators are at */
    snd_pcm_format_t format;
    unsigned channels;
};

/*
 * 'input' is "lcg", "lcg:SEED" or a file, which is followed by silence.
 * Channel k of the generator starts from SEED + k. Returns 0 or -errno.
 */
int source_open(struct source *source, const char *input);
void source_close(struct source *source);

/* False for a format or channels that it cannot make. */
bool source_configure(struct source *source, snd_pcm_format_t format,
                      unsigned channels);

/* 'count' interleaved frames from 'frame' on. */
void source_fill(struct source *source, uint64_t frame, void *out,
                 size_t count);

#endif
