/* SPDX-License-Identifier: MIT */
/*
 * Agree with an open device on how samples go to and fro. Control thread, or
 * the audio thread when it has lost its device.
 */
#ifndef F4E_ALSA_NEGOTIATE_H
#define F4E_ALSA_NEGOTIATE_H

#include <alsa/asoundlib.h>
#include <stdbool.h>

#include "alsa/alsa_rate.h"
#include "common/failure.h"
#include "rt/convert.h"

/* What we want of a device. */
struct alsa_wish {
    const char *device; /* its name */
    snd_pcm_stream_t direction;
    bool has_format; /* this one or none */
    enum sample_format format;
    unsigned channels; /* at least; */
    bool may_be_mono;  /* ... or one */
    unsigned sample_rate;
    bool is_resampling; /* alsa-lib may convert, whatever the device is */
    unsigned block_frames;
    unsigned period_frames;
    unsigned periods;
    snd_pcm_uframes_t buffer_frames; /* this, or 0: so many periods */
};

/* What it agreed to. */
struct alsa_terms {
    bool is_mmap;   /* it has no plain reads and writes */
    bool is_planar; /* each channel has samples of its own */
    enum sample_format format;
    unsigned channels;
    unsigned sample_rate;
    snd_pcm_uframes_t period_frames;
    snd_pcm_uframes_t buffer_frames;
    struct alsa_rate rate; /* what alsa-lib does to it */
    int bits;              /* significant ones of a sample, <= 0: unknown */
};

/* How far a negotiation came; the furthest attempt says what is wrong. */
enum alsa_step {
    ALSA_STEP_ACCESS,
    ALSA_STEP_FORMAT,
    ALSA_STEP_CHANNELS,
    ALSA_STEP_RATE,
    ALSA_STEP_SIZE,
    ALSA_STEP_WAKE
};

/* Why there is no agreement. */
struct alsa_refusal {
    enum alsa_step step;
    int error;
};

/*
 * Time to compute a block in, in frames: a block is begun when there is room
 * for it, and the device is heard from once a period. Not positive: blocks
 * come too late even if they take no time.
 */
long alsa_slack(snd_pcm_uframes_t period_frames,
                snd_pcm_uframes_t buffer_frames, unsigned block_frames);

/*
 * False: 'refusal' says why. Where alsa-lib converts the rate, periods are
 * sought that it converts without a change of pitch.
 */
bool alsa_negotiate(snd_pcm_t *pcm, const struct alsa_wish *wish,
                    struct alsa_terms *terms, struct alsa_refusal *refusal);

/* Turn a refusal into a failure, STATUS_HARDWARE. Always false. */
bool alsa_refuse(snd_pcm_t *pcm, const struct alsa_wish *wish,
                 const struct alsa_refusal *refusal, struct failure *failure);

/*
 * False, with STATUS_USAGE and what to type instead, when the periods wished
 * for could never work.
 */
F4E_MUST_CHECK bool alsa_check_wish(const struct alsa_wish *wish,
                                    struct failure *failure);

/* ALSA's name for a format, e.g. "S16_LE". */
const char *alsa_format_name(enum sample_format format);

#endif
