/* SPDX-License-Identifier: MIT */
/*
 * Open an ALSA playback device and agree on how to feed it. Control thread.
 */
#ifndef F4E_ALSA_SETUP_H
#define F4E_ALSA_SETUP_H

#include <alsa/asoundlib.h>
#include <stdbool.h>

#include "failure.h"
#include "options.h"
#include "patch.h"
#include "rt/convert.h"

/* What the device agreed to. */
struct alsa_setup {
    snd_pcm_t *pcm; /* non-blocking */
    enum sample_format format;
    unsigned channels; /* of the device */
    unsigned sample_rate;
    snd_pcm_uframes_t period_frames;
    snd_pcm_uframes_t buffer_frames;
    bool is_converting;      /* alsa-lib converts the rate */
    snd_pcm_hw_params_t *hw; /* scratch, NULL once it is open */
    int bits;                /* significant ones of a sample, 0: unknown */
};

/*
 * 'wanted_channels' is what the patch plays; the device may have more, or be
 * mono. Fails with STATUS_OPEN or STATUS_HARDWARE, alsa-lib's own words as
 * detail.
 */
bool alsa_setup_open(struct alsa_setup *setup, const struct f4e_patch *patch,
                     const struct options *options, unsigned wanted_channels,
                     struct failure *failure);

/* ALSA's name for a format, e.g. "S16_LE". */
const char *alsa_setup_format_name(enum sample_format format);

#endif
