/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_negotiate.h"

#include "alsa/alsa_names.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

static const snd_pcm_format_t alsa_formats[FORMAT_COUNT] = {
    [FORMAT_F32] = SND_PCM_FORMAT_FLOAT_LE,
    [FORMAT_S32] = SND_PCM_FORMAT_S32_LE,
    [FORMAT_S24_3] = SND_PCM_FORMAT_S24_3LE,
    [FORMAT_S24] = SND_PCM_FORMAT_S24_LE,
    [FORMAT_S16] = SND_PCM_FORMAT_S16_LE,
};

enum {
    SURPLUS_MAX = 64, /* channels tried beyond those needed */
    MORE_PERIODS = 3, /* counts tried for a period, the first included */
    DOUBLINGS = 7,    /* period lengths tried, the first included */
    EXACT_TRIES = 8,  /* period lengths tried that convert exactly */
    EXACT_MAX = 8192, /* frames of the longest of them */
};

/* One set of parameters to try, and how far it came. */
struct attempt {
    enum sample_format format;
    bool may_convert;
    unsigned period_frames;
    unsigned periods;
    struct alsa_refusal refusal;
};

const char *alsa_format_name(enum sample_format format)
{
    return snd_pcm_format_name(alsa_formats[format]);
}

static snd_pcm_uframes_t greatest_divisor(snd_pcm_uframes_t a,
                                          snd_pcm_uframes_t b)
{
    while (b != 0) {
        snd_pcm_uframes_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

long alsa_slack(snd_pcm_uframes_t period_frames,
                snd_pcm_uframes_t buffer_frames, unsigned block_frames)
{
    return (long)buffer_frames - (long)period_frames - (long)block_frames +
           (long)greatest_divisor(period_frames, block_frames);
}

/*
 * What alsa-lib maps by emulation works only when it is mapped, also below a
 * plug-in that has nothing to convert: that one hands calls through.
 */
static int choose_access(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                         struct alsa_config *config)
{
    static const struct {
        snd_pcm_access_t access;
        bool is_mmap;
        bool is_planar;
    } ways[] = {
        {SND_PCM_ACCESS_RW_INTERLEAVED, false, false},
        {SND_PCM_ACCESS_MMAP_INTERLEAVED, true, false},
        {SND_PCM_ACCESS_RW_NONINTERLEAVED, false, true},
        {SND_PCM_ACCESS_MMAP_NONINTERLEAVED, true, true},
    };
    bool is_emulated = alsa_is_emulated(pcm);
    int error = -EINVAL;
    for (size_t k = 0; k < sizeof(ways) / sizeof(*ways) && error < 0; k++) {
        if (!is_emulated || ways[k].is_mmap) {
            config->is_mmap = ways[k].is_mmap;
            config->is_planar = ways[k].is_planar;
            error = snd_pcm_hw_params_set_access(pcm, hw, ways[k].access);
        }
    }
    return error;
}

static int choose_channels(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                           const struct alsa_request *request,
                           struct alsa_config *config)
{
    unsigned most = 0;
    if (snd_pcm_hw_params_get_channels_max(hw, &most) < 0 ||
        most > request->channels + SURPLUS_MAX) {
        most =
            request->channels + SURPLUS_MAX; /* some devices take any number */
    }
    for (unsigned n = request->channels; n <= most; n++) {
        if (snd_pcm_hw_params_test_channels(pcm, hw, n) == 0) {
            config->channels = n;
            return snd_pcm_hw_params_set_channels(pcm, hw, n);
        }
    }
    config->channels = 1;
    return request->may_be_mono ? snd_pcm_hw_params_set_channels(pcm, hw, 1)
                                : -EINVAL;
}

static int choose_size(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                       const struct alsa_request *request,
                       const struct attempt *attempt)
{
    /* Both: with one alone some plugins choose seconds for the other. */
    snd_pcm_uframes_t period = attempt->period_frames;
    snd_pcm_uframes_t buffer = request->buffer_frames > 0
                                   ? request->buffer_frames
                                   : period * attempt->periods;
    int error = snd_pcm_hw_params_set_period_size_near(pcm, hw, &period, NULL);
    if (error >= 0) {
        error = snd_pcm_hw_params_set_buffer_size_near(pcm, hw, &buffer);
    }
    return error >= 0 ? snd_pcm_hw_params(pcm, hw) : error;
}

static int read_back(const snd_pcm_hw_params_t *hw,
                     const struct alsa_request *request,
                     struct alsa_config *config)
{
    int error =
        snd_pcm_hw_params_get_period_size(hw, &config->period_frames, NULL);
    if (error >= 0) {
        error = snd_pcm_hw_params_get_buffer_size(hw, &config->buffer_frames);
    }
    if (error >= 0 && alsa_slack(config->period_frames, config->buffer_frames,
                                 request->block_frames) <= 0) {
        error = -ERANGE;
    }
    config->bits = snd_pcm_hw_params_get_sbits(hw);
    return error;
}

/* Start by hand, stop when the buffer has run dry, wake for a whole block. */
static int set_software(snd_pcm_t *pcm, snd_pcm_sw_params_t *sw,
                        snd_pcm_uframes_t wake, snd_pcm_uframes_t buffer,
                        unsigned luxuries)
{
    snd_pcm_uframes_t boundary = 0;
    int error = snd_pcm_sw_params_current(pcm, sw);
    if (error >= 0) {
        error = snd_pcm_sw_params_get_boundary(sw, &boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_stop_threshold(pcm, sw, buffer);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_avail_min(pcm, sw, wake);
    }
    if (error >= 0 && luxuries > 0 &&
        snd_pcm_stream(pcm) == SND_PCM_STREAM_PLAYBACK) {
        /* What was played becomes silence: a late patch is not heard twice. */
        (void)snd_pcm_sw_params_set_silence_threshold(pcm, sw, 0);
        error = snd_pcm_sw_params_set_silence_size(pcm, sw, boundary);
    }
    if (error >= 0 && luxuries > 1) {
        error =
            snd_pcm_sw_params_set_tstamp_mode(pcm, sw, SND_PCM_TSTAMP_ENABLE);
        if (error >= 0) {
            error = snd_pcm_sw_params_set_tstamp_type(
                pcm, sw, SND_PCM_TSTAMP_TYPE_MONOTONIC);
        }
    }
    return error >= 0 ? snd_pcm_sw_params(pcm, sw) : error;
}

static int choose_software(snd_pcm_t *pcm, const struct alsa_request *request,
                           const struct alsa_config *config)
{
    snd_pcm_sw_params_t *sw = calloc(1, snd_pcm_sw_params_sizeof());
    snd_pcm_uframes_t wake = request->block_frames;
    if (request->direction == SND_PCM_STREAM_PLAYBACK &&
        wake < config->period_frames) {
        wake = config->period_frames;
    }
    int error = -ENOMEM;
    for (unsigned luxuries = 3; sw != NULL && luxuries-- > 0;) {
        error = set_software(pcm, sw, wake, config->buffer_frames, luxuries);
        if (error >= 0) {
            break;
        }
    }
    free(sw);
    return error;
}

/* From a fresh configuration: what one choice allows depends on the others. */
static bool try_attempt(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                        const struct alsa_request *request,
                        struct attempt *attempt, struct alsa_config *config)
{
    enum alsa_step step = ALSA_STEP_ACCESS;
    *config = (struct alsa_config){.format = attempt->format,
                                   .sample_rate = request->sample_rate};
    (void)snd_pcm_hw_free(pcm);
    int error = snd_pcm_hw_params_any(pcm, hw);
    if (error >= 0) {
        error =
            snd_pcm_hw_params_set_rate_resample(pcm, hw, attempt->may_convert);
    }
    if (error >= 0) {
        error = choose_access(pcm, hw, config);
    }
    if (error >= 0) {
        step = ALSA_STEP_FORMAT;
        error = snd_pcm_hw_params_set_format(pcm, hw,
                                             alsa_formats[attempt->format]);
    }
    if (error >= 0) {
        step = ALSA_STEP_CHANNELS;
        error = choose_channels(pcm, hw, request, config);
    }
    if (error >= 0) {
        step = ALSA_STEP_RATE;
        error = snd_pcm_hw_params_set_rate(pcm, hw, request->sample_rate, 0);
    }
    if (error >= 0) {
        step = ALSA_STEP_SIZE;
        error = choose_size(pcm, hw, request, attempt);
    }
    if (error >= 0) {
        error = read_back(hw, request, config);
    }
    if (error >= 0) {
        step = ALSA_STEP_WAKE;
        error = choose_software(pcm, request, config);
    }
    if (error >= 0 && snd_pcm_type(pcm) != SND_PCM_TYPE_HW) {
        config->rate = alsa_rate_of(pcm);
    }
    attempt->refusal = (struct alsa_refusal){step, error};
    return error >= 0;
}

/* More periods, then longer ones: some devices refuse short buffers. */
static bool try_sizes(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                      const struct alsa_request *request,
                      struct attempt *attempt, struct alsa_config *config)
{
    unsigned period_frames = request->period_frames;
    for (unsigned k = 0; k < DOUBLINGS; k++, period_frames *= 2) {
        for (unsigned more = 0; more < MORE_PERIODS; more++) {
            attempt->period_frames = period_frames;
            attempt->periods = request->periods + more;
            if (try_attempt(pcm, hw, request, attempt, config)) {
                return true;
            }
            if (attempt->refusal.step < ALSA_STEP_SIZE) {
                return false;
            }
        }
    }
    return false;
}

/*
 * 'config' is agreed, but some sound is heard too high or too low: look for
 * periods that are whole at the device, else for the least error.
 */
static bool try_exact_periods(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                              const struct alsa_request *request,
                              struct attempt *attempt,
                              struct alsa_config *config)
{
    unsigned step = alsa_rate_step(config->rate.from_hz, config->rate.to_hz);
    unsigned first = (request->period_frames + step - 1) / step * step;
    struct attempt best = *attempt;
    double least = fabs(config->rate.cents);
    bool is_last = true; /* what is set is the best */
    for (unsigned k = 0; k < EXACT_TRIES && least > 0.0; k++) {
        attempt->period_frames = k < EXACT_TRIES / 2
                                     ? first + k * step
                                     : first << (k - EXACT_TRIES / 2 + 1);
        attempt->periods = request->periods;
        if (attempt->period_frames > EXACT_MAX) {
            break;
        }
        is_last = false;
        if (try_attempt(pcm, hw, request, attempt, config) &&
            fabs(config->rate.cents) < least) {
            least = fabs(config->rate.cents);
            best = *attempt;
            is_last = true;
        }
        if (is_last && alsa_rate_is_exact(&config->rate)) {
            return true;
        }
    }
    *attempt = best;
    return is_last || try_attempt(pcm, hw, request, attempt, config);
}

bool alsa_negotiate(snd_pcm_t *pcm, const struct alsa_request *request,
                    struct alsa_config *config, struct alsa_refusal *refusal)
{
    /* Real hardware plays at the patch's rate or not at all. */
    bool is_virtual = snd_pcm_type(pcm) != SND_PCM_TYPE_HW;
    snd_pcm_hw_params_t *hw = calloc(1, snd_pcm_hw_params_sizeof());
    bool is_agreed = false;
    *refusal = (struct alsa_refusal){ALSA_STEP_ACCESS, -ENOMEM};
    if (hw == NULL) {
        return false;
    }
    unsigned passes = is_virtual || request->is_resampling ? 2 : 1;
    for (unsigned k = 0; k < passes * FORMAT_COUNT && !is_agreed; k++) {
        struct attempt attempt = {
            .format = (enum sample_format)(k % FORMAT_COUNT),
            .may_convert = k >= FORMAT_COUNT,
        };
        if (request->has_format && request->format != attempt.format) {
            continue;
        }
        is_agreed = try_sizes(pcm, hw, request, &attempt, config);
        /* A device that comes back keeps its periods. */
        if (is_agreed && !alsa_rate_is_exact(&config->rate) &&
            request->buffer_frames == 0) {
            is_agreed = try_exact_periods(pcm, hw, request, &attempt, config);
        }
        if (refusal->error == -ENOMEM || attempt.refusal.step > refusal->step) {
            *refusal = attempt.refusal;
        }
    }
    free(hw);
    return is_agreed;
}
