/* SPDX-License-Identifier: MIT */
/*
 * Declared in alsa/alsa_negotiate.h: messages about devices that cannot play
 * the patch.
 */
#include "alsa/alsa_negotiate.h"

#include "alsa/alsa_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const unsigned usual_rates[] = {8000,  11025, 16000,  22050,
                                       24000, 32000, 44100,  48000,
                                       88200, 96000, 176400, 192000};
enum { USUAL_RATES = sizeof(usual_rates) / sizeof(*usual_rates) };

/* "44100, 48000 and 96000 Hz"; the one nearest to 'wanted' in 'nearest'. */
static void list_rates(snd_pcm_t *pcm, unsigned wanted, char *text, size_t size,
                       unsigned *nearest)
{
    unsigned rates[USUAL_RATES];
    unsigned count = 0;
    unsigned least = 0;
    unsigned most = 0;
    snd_pcm_hw_params_t *hw = calloc(1, snd_pcm_hw_params_sizeof());
    *nearest = 0;
    (void)snprintf(text, size, "other rates");
    if (hw == NULL) {
        return;
    }
    (void)snd_pcm_hw_free(pcm);
    if (snd_pcm_hw_params_any(pcm, hw) >= 0) {
        (void)snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
        for (unsigned k = 0; k < USUAL_RATES; k++) {
            if (snd_pcm_hw_params_test_rate(pcm, hw, usual_rates[k], 0) == 0) {
                rates[count++] = usual_rates[k];
            }
        }
        (void)snd_pcm_hw_params_get_rate_min(hw, &least, NULL);
        (void)snd_pcm_hw_params_get_rate_max(hw, &most, NULL);
    }
    free(hw);
    if (count == 0) {
        *nearest = most < wanted ? most : least;
        (void)snprintf(text, size, least == most ? "%u Hz" : "%u to %u Hz",
                       least, most);
        return;
    }
    size_t used = 0;
    for (unsigned k = 0; k < count && used < size; k++) {
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

static const char *verb(const struct alsa_request *request)
{
    return request->direction == SND_PCM_STREAM_PLAYBACK ? "play" : "record";
}

static bool refuse_rate(snd_pcm_t *pcm, const struct alsa_request *request,
                        struct failure *failure)
{
    char rates[128];
    unsigned nearest;
    list_rates(pcm, request->sample_rate, rates, sizeof(rates), &nearest);
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' does not %s at the patch's %u Hz; it "
                      "has %s",
                      request->device, verb(request), request->sample_rate,
                      rates);
    if (request->is_resampling) {
        return failure_hint(failure,
                            "export the patch with audioRuntime.sampleRate %u",
                            nearest);
    }
    return failure_hint(failure,
                        "--resample converts; better: export the patch with "
                        "audioRuntime.sampleRate %u",
                        nearest);
}

/* "its formats are S8 U8", or less if even that is unknown. */
static bool list_formats(snd_pcm_t *pcm, char *text, size_t size)
{
    snd_pcm_hw_params_t *hw = calloc(1, snd_pcm_hw_params_sizeof());
    bool is_iec958 = false;
    char names[128];
    text[0] = '\0';
    if (hw == NULL) {
        return false;
    }
    (void)snd_pcm_hw_free(pcm);
    if (snd_pcm_hw_params_any(pcm, hw) >= 0) {
        unsigned count =
            alsa_list_formats(hw, names, sizeof(names), &is_iec958);
        if (count > 0) {
            (void)snprintf(text, size,
                           count == 1 ? "; its format is %s"
                                      : "; its formats are %s",
                           names);
        }
    }
    free(hw);
    return is_iec958;
}

static bool refuse_format(snd_pcm_t *pcm, const struct alsa_request *request,
                          struct failure *failure)
{
    char formats[160];
    char card[64];
    bool is_iec958 = list_formats(pcm, formats, sizeof(formats));
    if (request->has_format) {
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' does not take %s samples%s",
                          request->device, alsa_format_name(request->format),
                          formats);
    } else {
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' takes no sample format known here%s",
                          request->device, formats);
    }
    if (is_iec958 && alsa_card_in_name(request->device, card, sizeof(card))) {
        return failure_hint(failure,
                            "--device hdmi:CARD=%s, or sysdefault:CARD=%s; "
                            "--list-devices has more",
                            card, card);
    }
    return is_iec958 || (request->is_resampling && !request->has_format)
               ? failure_hint(failure, "--list-devices has other names for it")
           : request->has_format
               ? failure_hint(failure, "leave out --format")
               : failure_hint(failure, "--resample converts samples too");
}

/* "hw:" says exactly what the card can; "plughw:" what alsa-lib makes of it. */
static bool refuse_access(const struct alsa_request *request, const char *cause,
                          struct failure *failure)
{
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' cannot be set up: %s", request->device,
                      cause);
    return strncmp(request->device, "hw:", 3) == 0
               ? failure_hint(failure, "--device plug%s", request->device)
               : failure_hint(failure, "--list-devices has other names for it");
}

static bool refuse_size(const struct alsa_request *request, int error,
                        struct failure *failure)
{
    if (error == -ERANGE) {
        return failure_set(failure, STATUS_HARDWARE,
                           "the buffer of the device '%s' is too short for "
                           "blocks of %u frames",
                           request->device, request->block_frames);
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' refuses %u periods of %u frames: %s",
                      request->device, request->periods, request->period_frames,
                      snd_strerror(error));
    return failure_hint(failure, "--latency safe");
}

bool alsa_refuse(snd_pcm_t *pcm, const struct alsa_request *request,
                 const struct alsa_refusal *refusal, struct failure *failure)
{
    const char *cause = snd_strerror(refusal->error);
    bool is_playback = request->direction == SND_PCM_STREAM_PLAYBACK;
    switch (refusal->step) {
    case ALSA_STEP_FORMAT:
        (void)refuse_format(pcm, request, failure);
        break;
    case ALSA_STEP_CHANNELS:
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' does not %s %u channels: %s",
                          request->device, verb(request), request->channels,
                          cause);
        (void)failure_hint(failure, is_playback
                                        ? "--out-map 0:0,1:1 plays two of them"
                                        : "--in-map 0:0 takes one of them");
        break;
    case ALSA_STEP_RATE:
        (void)refuse_rate(pcm, request, failure);
        break;
    case ALSA_STEP_SIZE:
        (void)refuse_size(request, refusal->error, failure);
        break;
    case ALSA_STEP_ACCESS:
    case ALSA_STEP_WAKE:
        (void)refuse_access(request, cause, failure);
        break;
    }
    return false;
}

bool alsa_check_request(const struct alsa_request *request,
                        struct failure *failure)
{
    snd_pcm_uframes_t period = request->period_frames;
    unsigned periods = request->periods;
    if (alsa_slack(period, period * periods, request->block_frames) > 0) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "%u periods of %u frames leave no time to compute blocks "
                      "of %u frames",
                      periods, request->period_frames, request->block_frames);
    while (alsa_slack(period, period * periods, request->block_frames) <= 0) {
        periods++;
    }
    return failure_hint(failure, "--period %u --periods %u",
                        request->period_frames, periods);
}
