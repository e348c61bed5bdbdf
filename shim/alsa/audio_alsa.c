/* SPDX-License-Identifier: MIT */
/* Declared in audio/audio.h. */
#include "audio/audio.h"

#include "alsa/alsa_internal.h"
#include "common/alsa_errors.h"
#include "message/message.h"
#include "optional.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

F4E_OPTIONAL(midi_queue_release);

enum {
    WAKE_MIN_MS = 100,
    WAKE_MAX_MS = 40000,
    SLACK_TIGHT_FRAMES = 64, /* a warning below this */
};

static bool alsa_backend_close(struct audio *audio, bool is_complete,
                               struct failure *failure)
{
    struct alsa *alsa = audio->state;
    (void)is_complete;
    (void)failure;
    for (unsigned k = 0; k < ALSA_STREAMS; k++) {
        alsa_stream_close(&alsa->streams[k]);
    }
    (void)snd_config_update_free_global();
    free(alsa->status);
    audio_free_outputs(alsa->out);
    free((void *)alsa->in);
    free(alsa->silence);
    free(alsa);
    audio->state = NULL;
    return true;
}

/* What the patch hears without a device: --input off. */
static bool allocate(struct alsa *alsa, const struct f4e_patch *patch)
{
    size_t frames = patch->block_frames;
    alsa->out = audio_make_outputs(patch);
    alsa->in = (const float **)calloc(patch->input_count + 1U, sizeof(float *));
    alsa->silence = calloc(frames, sizeof(float));
    alsa->status = calloc(1, snd_pcm_status_sizeof());
    for (unsigned k = 0; alsa->in != NULL && k < patch->input_count; k++) {
        alsa->in[k] = alsa->silence;
    }
    return alsa->out != NULL && alsa->in != NULL && alsa->silence != NULL &&
           alsa->status != NULL;
}

static bool open_streams(struct alsa *alsa, struct failure *failure)
{
    const struct f4e_patch *patch = alsa->audio->patch;
    const struct options *options = alsa->audio->options;
    const char *in_device =
        options->in_device != NULL ? options->in_device : options->device;
    struct alsa_stream *streams = alsa->streams;
    if (!alsa_stream_open(&streams[ALSA_OUT], patch, options, options->device,
                          alsa->out, NULL, failure)) {
        return false;
    }
    alsa->stream_count = 1;
    if (patch->input_count == 0 || options->is_input_off) {
        return true;
    }
    if (!alsa_stream_open(&streams[ALSA_IN], patch, options, in_device, NULL,
                          alsa->in, failure)) {
        return false;
    }
    alsa->stream_count = 2;
    alsa->is_linked =
        snd_pcm_link(alsa_pcm(alsa, ALSA_OUT), alsa_pcm(alsa, ALSA_IN)) >= 0;
    return true;
}

/* Four buffers, and not less than a slow system may pause. */
static int choose_wait_ms(const struct alsa *alsa)
{
    uint64_t longest = WAKE_MIN_MS;
    for (unsigned k = 0; k < alsa->stream_count; k++) {
        const struct alsa_config *config = &alsa->streams[k].config;
        uint64_t ms =
            config->buffer_frames * UINT64_C(4000) / config->sample_rate;
        longest = ms > longest ? ms : longest;
    }
    return (int)(longest < WAKE_MAX_MS ? longest : WAKE_MAX_MS);
}

static bool alsa_backend_open(struct audio *audio, struct failure *failure)
{
    const struct f4e_patch *patch = audio->patch;
    if (patch->output_count == 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "the patch has no output channels: nothing to play");
        return failure_hint(failure, "--render /dev/null --blocks 1000");
    }
    struct alsa *alsa = calloc(1, sizeof(*alsa));
    if (alsa == NULL) {
        return failure_set_memory(failure);
    }
    audio->state = alsa;
    alsa->audio = audio;
    bool is_good = allocate(alsa, patch) || failure_set_memory(failure);
    if (!is_good || !open_streams(alsa, failure)) {
        (void)alsa_backend_close(audio, false, failure);
        return false;
    }
    alsa->wait_ms = choose_wait_ms(alsa);
    alsa->fade = fade_make(audio->options->fade_ms, patch->sample_rate);
    return true;
}

/* The card's own name, e.g. "HDA Intel PCH", else the kind of plug-in. */
static void tell_device(const struct alsa_stream *stream, const char *what)
{
    snd_pcm_t *pcm = stream->handle.pcm;
    snd_pcm_info_t *info = calloc(1, snd_pcm_info_sizeof());
    char *name = NULL;
    if (info != NULL) {
        if (snd_pcm_info(pcm, info) >= 0 && snd_pcm_info_get_card(info) >= 0) {
            (void)snd_card_get_longname(snd_pcm_info_get_card(info), &name);
        }
        free(info);
    }
    message(PRIORITY_INFO, "%s  %s (%s%s%s)", what, stream->request.device,
            name != NULL ? name : "", name != NULL ? "; " : "",
            snd_pcm_type_name(snd_pcm_type(pcm)));
    free(name);
}

/* Who converts, and what becomes of the pitch. */
static void tell_rate(const struct alsa_rate *rate)
{
    const bool is_exact = alsa_rate_is_exact(rate);
    message(PRIORITY_INFO,
            "rate    alsa-lib converts %u Hz to the device's %u Hz%s%s%s",
            rate->from_hz, rate->to_hz,
            rate->converter[0] != '\0' ? " by " : "", rate->converter,
            is_exact ? ", pitch exact" : "");
    if (!is_exact) {
        message(PRIORITY_INFO,
                "warning: that is %.2f cents too %s: it rounds periods; "
                "multiples of %u frames are exact",
                fabs(rate->cents), rate->cents > 0.0 ? "high" : "low",
                alsa_rate_step(rate->from_hz, rate->to_hz));
    }
    if (strstr(rate->converter, "linear") != NULL) {
        message(PRIORITY_INFO,
                "hint: the package libasound2-plugins has better converters");
    }
}

static void tell_terms(const struct alsa_stream *stream)
{
    const struct alsa_config *config = &stream->config;
    double rate = config->sample_rate;
    long slack = alsa_slack(config->period_frames, config->buffer_frames,
                            stream->request.block_frames);
    char bits[32] = "";
    if (config->bits > 0 &&
        config->bits != 8 * (int)format_bytes(config->format)) {
        (void)snprintf(bits, sizeof(bits), " (%d bits)", config->bits);
    }
    message(PRIORITY_INFO, "format  %s%s, %u Hz, %u channels%s%s",
            alsa_format_name(config->format), bits, config->sample_rate,
            config->channels, config->is_mmap ? ", mapped" : "",
            config->is_planar ? ", by channel" : "");
    message(PRIORITY_INFO,
            "buffer  %lu frames (%.1f ms), periods of %lu, slack %ld frames "
            "(%.2f ms)",
            config->buffer_frames, (double)config->buffer_frames * 1e3 / rate,
            config->period_frames, slack, (double)slack * 1e3 / rate);
    if (slack < SLACK_TIGHT_FRAMES) {
        message(PRIORITY_INFO,
                "warning: that is little time to compute a block in; --periods "
                "%lu gives more",
                config->buffer_frames / config->period_frames + 1);
    }
    if (config->rate.from_hz > 0) {
        tell_rate(&config->rate);
    }
}

static void describe_input(const struct alsa *alsa)
{
    const struct f4e_patch *patch = alsa->audio->patch;
    const struct alsa_stream *stream = &alsa->streams[ALSA_IN];
    if (alsa->stream_count < 2) {
        message(PRIORITY_INFO, "the patch's %u input channels get silence",
                patch->input_count);
        return;
    }
    tell_device(stream, "input ");
    tell_terms(stream);
    if (stream->is_all_mono) {
        message(PRIORITY_INFO, "a mono device: feeds every input");
    }
    if (strcmp(stream->request.device,
               alsa->streams[ALSA_OUT].request.device) != 0) {
        message(PRIORITY_INFO, "two devices have two clocks: an xrun now and "
                               "then sets them right");
    }
}

static void alsa_backend_describe(const struct audio *audio)
{
    const struct alsa *alsa = audio->state;
    const struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    tell_device(stream, "device");
    tell_terms(stream);
    if (stream->mixed != NULL) {
        message(PRIORITY_INFO, "a mono device: plays (left + right) / 2");
    }
    if (audio->patch->input_count > 0) {
        describe_input(alsa);
    }
}

static bool fail_run(const struct alsa *alsa, enum alsa_remedy remedy,
                     int error, struct failure *failure)
{
    if (remedy == ALSA_GIVES_UP) {
        return failure_set(
            failure, STATUS_XRUNS, "%llu xruns: more than --max-xruns %llu",
            (unsigned long long)stats_get(&alsa->audio->stats->xruns),
            (unsigned long long)alsa->audio->options->max_xruns);
    }
    if (!alsa->has_moved && alsa->lost_because != NULL) {
        (void)failure_set(
            failure, STATUS_LOST, "the device '%s' never began to play: %s",
            alsa->streams[ALSA_OUT].request.device, alsa->lost_because);
        alsa_errors_detail(failure);
        return failure_hint(failure, "--list-devices has other names for it");
    }
    (void)failure_set(failure, STATUS_LOST, "the device was lost: %s",
                      alsa->lost_because != NULL ? alsa->lost_because
                                                 : snd_strerror(error));
    if (alsa->audio->options->wait_device_s >= 0) {
        return false; /* it was waited for */
    }
    alsa_errors_detail(failure);
    return failure_hint(failure, "--wait-device waits until it is back");
}

static bool alsa_backend_run(struct audio *audio, struct failure *failure)
{
    struct alsa *alsa = audio->state;
    int error;
    while ((error = alsa_play(alsa)) != 0) {
        enum alsa_remedy remedy = alsa_recover(alsa, error);
        if (remedy == ALSA_IS_LOST && audio->engine->midi_out != NULL) {
            /* Nobody hears the patch, nor will what it plays hear of it. */
            midi_queue_release(audio->engine->midi_out);
        }
        if (remedy == ALSA_IS_LOST && audio->options->wait_device_s >= 0) {
            remedy = alsa_reopen(alsa, failure);
        }
        if (remedy == ALSA_ENDS) {
            return true;
        }
        if (remedy != ALSA_GOES_ON) {
            return fail_run(alsa, remedy, error, failure);
        }
    }
    alsa_drain(alsa);
    return true;
}

const struct audio_backend audio_alsa = {
    .name = "alsa",
    .open = alsa_backend_open,
    .describe = alsa_backend_describe,
    .run = alsa_backend_run,
    .close = alsa_backend_close,
};
