/* SPDX-License-Identifier: MIT */
/*
 * Negotiates format, channels, rate and buffer with an open device. Control
 * thread, or the audio thread while it reopens a lost device.
 */
#ifndef F4E_ALSA_NEGOTIATE_H
#define F4E_ALSA_NEGOTIATE_H

#include "alsa/alsa_rate.h"
#include "common/failure.h"
#include "rt/convert.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>

/* What is asked of a device. */
struct alsa_request {
    const char *device; /* its name */
    snd_pcm_stream_t direction;
    bool has_format; /* only 'format' will do */
    enum sample_format format;
    unsigned channels; /* at least, or 1 if may_be_mono */
    bool may_be_mono;
    unsigned sample_rate;
    bool is_resampling; /* alsa-lib may convert the rate */
    unsigned block_frames;
    unsigned period_frames;
    unsigned periods;
    snd_pcm_uframes_t buffer_frames; /* 0: 'periods' periods */
};

/* What the device accepted. */
struct alsa_config {
    bool is_mmap;   /* access by snd_pcm_mmap_*() only */
    bool is_planar; /* each channel has samples of its own */
    enum sample_format format;
    unsigned channels;
    unsigned sample_rate;
    snd_pcm_uframes_t period_frames;
    snd_pcm_uframes_t buffer_frames;
    struct alsa_rate rate; /* what alsa-lib does to it */
    int bits;              /* significant ones of a sample, <= 0: unknown */
};

/* The steps of a negotiation; the attempt that came furthest is reported. */
enum alsa_step {
    ALSA_STEP_ACCESS,
    ALSA_STEP_FORMAT,
    ALSA_STEP_CHANNELS,
    ALSA_STEP_RATE,
    ALSA_STEP_SIZE,
    ALSA_STEP_WAKE
};

/* The step that failed. */
struct alsa_refusal {
    enum alsa_step step;
    int error;
};

/*
 * The time to compute a block, in frames: a block begins when the buffer has
 * room for it, and the device reports progress once a period. Not positive:
 * blocks would be late even if they took no time.
 */
long alsa_slack(snd_pcm_uframes_t period_frames,
                snd_pcm_uframes_t buffer_frames, unsigned block_frames);

/*
 * False: 'refusal' says why. Where alsa-lib converts the rate, periods are
 * sought that it converts without a change of pitch.
 */
bool alsa_negotiate(snd_pcm_t *pcm, const struct alsa_request *request,
                    struct alsa_config *config, struct alsa_refusal *refusal);

/* Turn a refusal into a failure, STATUS_HARDWARE. Always false. */
bool alsa_refuse(snd_pcm_t *pcm, const struct alsa_request *request,
                 const struct alsa_refusal *refusal, struct failure *failure);

/*
 * False, with STATUS_USAGE and a hint, when the requested periods leave no
 * slack for a block.
 */
F4E_MUST_CHECK bool alsa_check_request(const struct alsa_request *request,
                                       struct failure *failure);

/* ALSA's name for a format, e.g. "S16_LE". */
const char *alsa_format_name(enum sample_format format);

#endif
