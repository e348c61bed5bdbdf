/* SPDX-License-Identifier: MIT */
/*
 * What alsa-lib's rate converters do to the pitch. They convert whole periods,
 * whose length at the device is rounded: 128 frames at 48000 Hz become 117 at
 * 44100 Hz, which is 8.9 cents too high. Control thread.
 */
#ifndef F4E_ALSA_RATE_H
#define F4E_ALSA_RATE_H

#include <alsa/asoundlib.h>
#include <stdbool.h>

enum { ALSA_CONVERTER_BYTES = 48 };

struct alsa_rate {
    unsigned from_hz; /* as the patch plays; 0: nothing is converted */
    unsigned to_hz;   /* at the device */
    double cents;     /* how much too high everything is heard */
    char converter[ALSA_CONVERTER_BYTES]; /* alsa-lib's name for it, or "" */
};

/* What converts in 'pcm', whose parameters are set. */
struct alsa_rate alsa_rate_of(snd_pcm_t *pcm);

/* The same from what snd_pcm_dump() has written about it. */
struct alsa_rate alsa_rate_parse(const char *text);

/* The least number of frames at 'from_hz' that is whole at 'to_hz'. */
unsigned alsa_rate_step(unsigned from_hz, unsigned to_hz);

/* Less than this nobody hears, and no drift comes of it. */
bool alsa_rate_is_exact(const struct alsa_rate *rate);

#endif
