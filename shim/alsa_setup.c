/* SPDX-License-Identifier: MIT */
#include "alsa_setup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const snd_pcm_format_t alsa_formats[FORMAT_COUNT] = {
    [FORMAT_F32] = SND_PCM_FORMAT_FLOAT_LE,
    [FORMAT_S32] = SND_PCM_FORMAT_S32_LE,
    [FORMAT_S24_3] = SND_PCM_FORMAT_S24_3LE,
    [FORMAT_S24] = SND_PCM_FORMAT_S24_LE,
    [FORMAT_S16] = SND_PCM_FORMAT_S16_LE,
};

/* alsa-lib reports without a context of ours: its first words, kept. */
static char words[256];

__attribute__((format(printf, 5, 6))) static void
keep_words(const char *file, int line, const char *function, int error,
           const char *format, ...)
{
    va_list args;
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    if (words[0] == '\0') {
        va_start(args, format);
        (void)vsnprintf(words, sizeof words, format, args);
        va_end(args);
    }
}

const char *alsa_setup_format_name(enum sample_format format)
{
    return snd_pcm_format_name(alsa_formats[format]);
}

static bool open_device(struct alsa_setup *setup, const char *name,
                        struct failure *failure)
{
    (void)snd_lib_error_set_handler(keep_words);
    int error = snd_pcm_open(&setup->pcm, name, SND_PCM_STREAM_PLAYBACK,
                             SND_PCM_NONBLOCK);
    if (error >= 0) {
        return true;
    }
    setup->pcm = NULL;
    (void)failure_set(failure, STATUS_OPEN, "cannot open the device '%s': %s",
                      name,
                      error == -EBUSY    ? "another program is using it"
                      : error == -ENOENT ? "there is no such device"
                                         : snd_strerror(error));
    if (error == -EBUSY) {
        return failure_hint(failure, "fuser -v /dev/snd/*");
    }
    if (error == -EACCES || error == -EPERM) {
        return failure_hint(failure, "sudo usermod -aG audio $USER");
    }
    return failure_hint(failure, "aplay -L lists the devices");
}

/* How far an attempt came; the furthest says what is wrong. */
enum step { STEP_ACCESS, STEP_FORMAT, STEP_CHANNELS, STEP_RATE, STEP_SIZE };

/* One set of parameters to try. */
struct attempt {
    enum sample_format format;
    unsigned channels; /* at least these, or one */
    unsigned sample_rate;
    bool may_convert;
    snd_pcm_uframes_t period_frames;
    unsigned periods;
    enum step step; /* reached */
    int error;
};

static int choose_channels(struct alsa_setup *setup, snd_pcm_hw_params_t *hw,
                           unsigned wanted)
{
    unsigned most = 0;
    if (snd_pcm_hw_params_get_channels_max(hw, &most) < 0 ||
        most > wanted + 64) {
        most = wanted + 64; /* some devices take any number */
    }
    for (unsigned n = wanted; n <= most; ++n) {
        if (snd_pcm_hw_params_test_channels(setup->pcm, hw, n) == 0) {
            setup->channels = n;
            return snd_pcm_hw_params_set_channels(setup->pcm, hw, n);
        }
    }
    setup->channels = 1;
    return wanted <= 2 ? snd_pcm_hw_params_set_channels(setup->pcm, hw, 1)
                       : -EINVAL;
}

static int choose_size(struct alsa_setup *setup, snd_pcm_hw_params_t *hw,
                       const struct attempt *attempt)
{
    /* Both: with one alone some plugins choose seconds for the other. */
    snd_pcm_uframes_t period = attempt->period_frames;
    snd_pcm_uframes_t buffer = period * attempt->periods;
    int error =
        snd_pcm_hw_params_set_period_size_near(setup->pcm, hw, &period, NULL);
    if (error >= 0) {
        error = snd_pcm_hw_params_set_buffer_size_near(setup->pcm, hw, &buffer);
    }
    return error;
}

static int read_back(struct alsa_setup *setup, const snd_pcm_hw_params_t *hw)
{
    int error =
        snd_pcm_hw_params_get_period_size(hw, &setup->period_frames, NULL);
    if (error >= 0) {
        error = snd_pcm_hw_params_get_buffer_size(hw, &setup->buffer_frames);
    }
    if (error >= 0 && setup->buffer_frames < setup->period_frames) {
        error = -EINVAL;
    }
    setup->bits = snd_pcm_hw_params_get_sbits(hw);
    return error;
}

/* From a fresh configuration: what one choice allows depends on the others. */
static bool try_attempt(struct alsa_setup *setup, struct attempt *attempt)
{
    snd_pcm_t *pcm = setup->pcm;
    snd_pcm_hw_params_t *hw = setup->hw;
    attempt->step = STEP_ACCESS;
    attempt->error = snd_pcm_hw_params_any(pcm, hw);
    if (attempt->error >= 0) {
        attempt->error =
            snd_pcm_hw_params_set_rate_resample(pcm, hw, attempt->may_convert);
    }
    if (attempt->error >= 0) {
        attempt->error = snd_pcm_hw_params_set_access(
            pcm, hw, SND_PCM_ACCESS_RW_INTERLEAVED);
    }
    if (attempt->error >= 0) {
        attempt->step = STEP_FORMAT;
        attempt->error = snd_pcm_hw_params_set_format(
            pcm, hw, alsa_formats[attempt->format]);
    }
    if (attempt->error >= 0) {
        attempt->step = STEP_CHANNELS;
        attempt->error = choose_channels(setup, hw, attempt->channels);
    }
    if (attempt->error >= 0) {
        attempt->step = STEP_RATE;
        attempt->error =
            snd_pcm_hw_params_set_rate(pcm, hw, attempt->sample_rate, 0);
    }
    if (attempt->error >= 0) {
        attempt->step = STEP_SIZE;
        attempt->error = choose_size(setup, hw, attempt);
    }
    if (attempt->error >= 0) {
        attempt->error = snd_pcm_hw_params(pcm, hw);
    }
    if (attempt->error >= 0) {
        attempt->error = read_back(setup, hw);
    }
    setup->format = attempt->format;
    return attempt->error >= 0;
}

/* More periods, then longer ones: some devices refuse short buffers. */
static bool try_sizes(struct alsa_setup *setup, struct attempt *attempt)
{
    struct attempt start = *attempt;
    for (unsigned longer = 0; longer < 4; ++longer) {
        for (unsigned more = 0; more < 3; ++more) {
            *attempt = start;
            attempt->period_frames <<= longer;
            attempt->periods += more;
            if (try_attempt(setup, attempt)) {
                return true;
            }
            if (attempt->step != STEP_SIZE) {
                return false;
            }
        }
    }
    return false;
}

static bool fail_rate(const struct alsa_setup *setup, const char *device,
                      unsigned sample_rate, struct failure *failure)
{
    unsigned least = 0;
    unsigned most = 0;
    snd_pcm_hw_params_t *hw = setup->hw;
    if (snd_pcm_hw_params_any(setup->pcm, hw) >= 0) {
        (void)snd_pcm_hw_params_set_rate_resample(setup->pcm, hw, 0);
        (void)snd_pcm_hw_params_get_rate_min(hw, &least, NULL);
        (void)snd_pcm_hw_params_get_rate_max(hw, &most, NULL);
    }
    (void)failure_set(failure, STATUS_HARDWARE,
                      "the device '%s' does not play at the patch's %u Hz; it "
                      "has %u to %u Hz",
                      device, sample_rate, least, most);
    return failure_hint(failure,
                        "--device plug:'%s' converts, or build the patch with "
                        "audioRuntime.sampleRate %u",
                        device, most);
}

static bool fail_attempt(const struct alsa_setup *setup,
                         const struct attempt *attempt,
                         const struct options *options, struct failure *failure)
{
    const char *device = options->device;
    const char *cause = snd_strerror(attempt->error);
    switch (attempt->step) {
    case STEP_FORMAT:
        if (options->has_format) {
            (void)failure_set(failure, STATUS_HARDWARE,
                              "the device '%s' does not take %s samples",
                              device, alsa_setup_format_name(attempt->format));
            return failure_hint(failure, "leave out --format");
        }
        (void)failure_set(failure, STATUS_HARDWARE,
                          "the device '%s' takes no sample format known here",
                          device);
        return failure_hint(failure, "--device plug:'%s' converts", device);
    case STEP_CHANNELS:
        return failure_set(failure, STATUS_HARDWARE,
                           "the device '%s' does not play %u channels: %s",
                           device, attempt->channels, cause);
    case STEP_RATE:
        return fail_rate(setup, device, attempt->sample_rate, failure);
    case STEP_SIZE:
        return failure_set(failure, STATUS_HARDWARE,
                           "the device '%s' refuses %u periods of %u frames: "
                           "%s",
                           device, options->periods, options->period_frames,
                           cause);
    case STEP_ACCESS:
        break;
    }
    return failure_set(failure, STATUS_HARDWARE,
                       "the device '%s' cannot be set up: %s", device, cause);
}

static bool negotiate(struct alsa_setup *setup, const struct f4e_patch *patch,
                      const struct options *options, unsigned channels,
                      struct failure *failure)
{
    /* Real hardware plays at the patch's rate or not at all. */
    bool is_virtual = snd_pcm_type(setup->pcm) != SND_PCM_TYPE_HW;
    struct attempt furthest = {.step = STEP_ACCESS};
    for (int may_convert = 0; may_convert <= (int)is_virtual; ++may_convert) {
        for (unsigned format = 0; format < FORMAT_COUNT; ++format) {
            struct attempt attempt = {
                .format = (enum sample_format)format,
                .channels = channels,
                .sample_rate = patch->sample_rate,
                .may_convert = may_convert != 0,
                .period_frames = options->period_frames,
                .periods = options->periods,
            };
            if (options->has_format && options->format != attempt.format) {
                continue;
            }
            if (try_sizes(setup, &attempt)) {
                setup->is_converting = may_convert != 0;
                setup->sample_rate = patch->sample_rate;
                return true;
            }
            if (furthest.error == 0 || attempt.step > furthest.step) {
                furthest = attempt;
            }
        }
    }
    return fail_attempt(setup, &furthest, options, failure);
}

/* Start by hand, stop when the buffer has run dry, wake for a whole block. */
static bool set_software(struct alsa_setup *setup,
                         const struct f4e_patch *patch, struct failure *failure)
{
    snd_pcm_t *pcm = setup->pcm;
    snd_pcm_sw_params_t *sw;
    snd_pcm_uframes_t boundary = 0;
    snd_pcm_uframes_t wake = setup->period_frames;
    if (wake < patch->block_frames) {
        wake = patch->block_frames;
    }
    if (wake > setup->buffer_frames) {
        wake = setup->buffer_frames;
    }
    int error = snd_pcm_sw_params_malloc(&sw);
    if (error < 0) {
        return failure_set(failure, STATUS_INTERNAL, "out of memory");
    }
    error = snd_pcm_sw_params_current(pcm, sw);
    if (error >= 0) {
        error = snd_pcm_sw_params_get_boundary(sw, &boundary);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_start_threshold(pcm, sw, boundary);
    }
    if (error >= 0) {
        error =
            snd_pcm_sw_params_set_stop_threshold(pcm, sw, setup->buffer_frames);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params_set_avail_min(pcm, sw, wake);
    }
    if (error >= 0) {
        error = snd_pcm_sw_params(pcm, sw);
    }
    snd_pcm_sw_params_free(sw);
    return error >= 0 ||
           failure_set(failure, STATUS_HARDWARE,
                       "the device cannot be set up: %s", snd_strerror(error));
}

static bool open_and_negotiate(struct alsa_setup *setup,
                               const struct f4e_patch *patch,
                               const struct options *options,
                               unsigned wanted_channels,
                               struct failure *failure)
{
    *setup = (struct alsa_setup){0};
    if (!open_device(setup, options->device, failure)) {
        return false;
    }
    if (snd_pcm_hw_params_malloc(&setup->hw) < 0) {
        setup->hw = NULL;
        (void)failure_set(failure, STATUS_INTERNAL, "out of memory");
    }
    bool is_good = setup->hw != NULL &&
                   negotiate(setup, patch, options, wanted_channels, failure) &&
                   set_software(setup, patch, failure);
    snd_pcm_hw_params_free(setup->hw);
    setup->hw = NULL;
    if (!is_good) {
        (void)snd_pcm_close(setup->pcm);
        setup->pcm = NULL;
    }
    return is_good;
}

bool alsa_setup_open(struct alsa_setup *setup, const struct f4e_patch *patch,
                     const struct options *options, unsigned wanted_channels,
                     struct failure *failure)
{
    bool is_good =
        open_and_negotiate(setup, patch, options, wanted_channels, failure);
    if (!is_good) {
        (void)snprintf(failure->detail, sizeof failure->detail, "%s", words);
    }
    return is_good;
}
