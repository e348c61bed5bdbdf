/* SPDX-License-Identifier: MIT */
/*
 * Why a device and a patch do not go together, in words.
 */
#include "alsa/alsa_negotiate.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const unsigned usual_rates[] = {8000,  11025, 16000,  22050,
                                       24000, 32000, 44100,  48000,
                                       88200, 96000, 176400, 192000};
enum { USUAL_RATES = sizeof usual_rates / sizeof *usual_rates };

/* "44100, 48000 and 96000 Hz"; the one nearest to 'wanted' in 'nearest'. */
static void list_rates(snd_pcm_t *pcm, unsigned wanted, char *text, size_t size,
                       unsigned *nearest)
{
    unsigned rates[USUAL_RATES];
    unsigned count = 0;
    unsigned least = 0;
    unsigned most = 0;
    snd_pcm_hw_params_t *hw;
    *nearest = 0;
    (void)snprintf(text, size, "other rates");
    if (snd_pcm_hw_params_malloc(&hw) < 0) {
        return;
    }
    (void)snd_pcm_hw_free(pcm);
    if (snd_pcm_hw_params_any(pcm, hw) >= 0) {
        (void)snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
        for (unsigned k = 0; k < USUAL_RATES; ++k) {
            if (snd_pcm_hw_params_test_rate(pcm, hw, usual_rates[k], 0) == 0) {
                rates[count++] = usual_rates[k];
            }
        }
        (void)snd_pcm_hw_params_get_rate_min(hw, &least, NULL);
        (void)snd_pcm_hw_params_get_rate_max(hw, &most, NULL);
    }
    snd_pcm_hw_params_free(hw);
    if (count == 0) {
        *nearest = most < wanted ? most : least;
        (void)snprintf(text, size, least == most ? "%u Hz" : "%u to %u Hz",
                       least, most);
        return;
    }
    size_t used = 0;
    for (unsigned k = 0; k < count && used < size; ++k) {
        if (*nearest < wanted) {
            *nearest = rates[k]; /* the first one above, or the last */
        }
        used += (size_t)snprintf(text + used, size - used, "%s%u",
                                 k == 0           ? ""
                                 : k == count - 1 ? " and "
                                                  : ", ",
                                 rates[k]);
    }
    if (used < size) {
        (void)snprintf(text + used, size - used, " Hz");
    }
}

static const char *verb(const struct alsa_wish *wish)
{
    return wish->direction == SND_PCM_STREAM_PLAYBACK ? "play" : "record";
}

static bool refuse_rate(snd_pcm_t *pcm, const struct alsa_wish *wish,
                        struct failure *failure)
{
    char rates[128];
    unsigned nearest;
    list_rates(pcm, wish->sample_rate, rates, sizeof rates, &nearest);
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' does not %s at the patch's %u Hz; it "
                      "has %s",
                      wish->device, verb(wish), wish->sample_rate, rates);
    if (wish->is_resampling) {
        return failure_hint(failure,
                            "export the patch with audioRuntime.sampleRate %u",
                            nearest);
    }
    return failure_hint(failure,
                        "--resample converts; better: export the patch with "
                        "audioRuntime.sampleRate %u",
                        nearest);
}

static bool refuse_format(const struct alsa_wish *wish, struct failure *failure)
{
    if (wish->has_format) {
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' does not take %s samples",
                          wish->device, alsa_format_name(wish->format));
        return failure_hint(failure, "leave out --format");
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' takes no sample format known here",
                      wish->device);
    return failure_hint(failure, "--resample converts samples too");
}

static bool refuse_size(const struct alsa_wish *wish, int error,
                        struct failure *failure)
{
    if (error == -ERANGE) {
        return failure_set(failure, STATUS_HARDWARE,
                           "the buffer of the device '%s' is too short for "
                           "blocks of %u frames",
                           wish->device, wish->block_frames);
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' refuses %u periods of %u frames: %s",
                      wish->device, wish->periods, wish->period_frames,
                      snd_strerror(error));
    return failure_hint(failure, "--latency safe");
}

bool alsa_refuse(snd_pcm_t *pcm, const struct alsa_wish *wish,
                 const struct alsa_refusal *refusal, struct failure *failure)
{
    const char *cause = snd_strerror(refusal->error);
    bool is_playback = wish->direction == SND_PCM_STREAM_PLAYBACK;
    switch (refusal->step) {
    case ALSA_STEP_FORMAT:
        (void)refuse_format(wish, failure);
        break;
    case ALSA_STEP_CHANNELS:
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' does not %s %u channels: %s",
                          wish->device, verb(wish), wish->channels, cause);
        (void)failure_hint(failure, is_playback
                                        ? "--out-map 0:0,1:1 plays two of them"
                                        : "--in-map 0:0 takes one of them");
        break;
    case ALSA_STEP_RATE:
        (void)refuse_rate(pcm, wish, failure);
        break;
    case ALSA_STEP_SIZE:
        (void)refuse_size(wish, refusal->error, failure);
        break;
    case ALSA_STEP_ACCESS:
    case ALSA_STEP_WAKE:
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' cannot be set up: %s", wish->device,
                          cause);
        break;
    }
    return false;
}

bool alsa_check_wish(const struct alsa_wish *wish, struct failure *failure)
{
    snd_pcm_uframes_t period = wish->period_frames;
    unsigned periods = wish->periods;
    if (alsa_slack(period, period * periods, wish->block_frames) > 0) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "%u periods of %u frames leave no time to compute blocks "
                      "of %u frames",
                      periods, wish->period_frames, wish->block_frames);
    while (alsa_slack(period, period * periods, wish->block_frames) <= 0) {
        ++periods;
    }
    return failure_hint(failure, "--period %u --periods %u",
                        wish->period_frames, periods);
}
