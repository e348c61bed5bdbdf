/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. */
#include "alsa/alsa_internal.h"

#include "audio/record.h"
#include "audio/start.h"

#include <errno.h>
#include <string.h>

enum {
    DRAIN_EXTRA_MS = 50,
    DRAIN_STEP_MS = 2,
    SKIP_STRETCH_NS = 100000000,
};

static bool is_over(struct alsa *alsa)
{
    struct audio *audio = alsa->audio;
    if (alsa->is_stopped || audio->frames >= audio->options->frame_limit) {
        return true;
    }
    if (atomic_load_explicit(&audio->is_stopping, memory_order_relaxed)) {
        fade_end(&alsa->fade);
    }
    return fade_is_over(&alsa->fade);
}

/* Behind what lies in the device's buffer the next block will be heard. */
static void tell_time(const struct alsa *alsa)
{
    const struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    const struct alsa_config *config = &stream->config;
    uint64_t free = stream->avail > 0 ? (uint64_t)stream->avail : 0;
    uint64_t queued =
        free < config->buffer_frames ? config->buffer_frames - free : 0;
    audio_tell_time(alsa->audio, stats_now_ns() + queued *
                                                      UINT64_C(1000000000) /
                                                      config->sample_rate);
}

/* Run the patch once; false when it has stopped. */
static bool compute(struct alsa *alsa, const float *const *in, size_t frames)
{
    struct audio *audio = alsa->audio;
    uint64_t start_ns = stats_now_ns();
    if (!engine_process(audio->engine, in, alsa->out)) {
        alsa->is_stopped = true;
        return false;
    }
    stats_block(audio->stats, stats_now_ns() - start_ns, frames,
                audio->engine->is_general);
    return true;
}

/* The part of a block that the frame limit leaves. */
static size_t frames_left(const struct alsa *alsa)
{
    uint64_t left = alsa->audio->options->frame_limit - alsa->audio->frames;
    uint64_t block = alsa->audio->patch->block_frames;
    return (size_t)(left < block ? left : block);
}

/* Time that was lost is over for the patch too: nobody hears these blocks. */
static void skip_blocks(struct alsa *alsa)
{
    uint64_t block = alsa->audio->patch->block_frames;
    const struct alsa_stream *input = &alsa->streams[ALSA_IN];
    if (alsa->skip >= block && alsa->stream_count > 1) {
        memset(input->samples, 0,
               input->config.channels * block * sizeof(float));
    }
    uint64_t pause_ns = stats_now_ns();
    for (; alsa->skip >= block && !is_over(alsa); alsa->skip -= block) {
        size_t frames = frames_left(alsa);
        /* The guard against runaway patches counts CPU time without a pause. */
        if (stats_now_ns() - pause_ns > SKIP_STRETCH_NS) {
            alsa_sleep(alsa, 1);
            pause_ns = stats_now_ns();
        }
        if (!compute(alsa, alsa->in, 0)) {
            break;
        }
        alsa->audio->frames += frames;
    }
    alsa->skip = 0;
}

static int run_block(struct alsa *alsa)
{
    struct audio *audio = alsa->audio;
    size_t frames = frames_left(alsa);
    int error = alsa->stream_count > 1 ? alsa_read_block(alsa) : 0;
    if (error < 0) {
        return error;
    }
    tell_time(alsa);
    if (!compute(alsa, alsa->in, frames)) {
        return 0;
    }
    for (unsigned k = 0; k < audio->patch->output_count; k++) {
        stats_output(audio->stats, k, alsa->out[k], frames);
    }
    fade_block(&alsa->fade, audio->patch, alsa->out,
               audio->options->frame_limit - audio->frames);
    record_block(audio->record, (const float *const *)alsa->out, frames);
    audio->frames += frames;
    return alsa_write_block(alsa, frames);
}

static int start_stream(const struct alsa *alsa, unsigned k)
{
    snd_pcm_t *pcm = alsa_pcm(alsa, k);
    return snd_pcm_state(pcm) == SND_PCM_STATE_PREPARED ? snd_pcm_start(pcm)
                                                        : 0;
}

/* Linked streams: the second has started with the first. */
static int start_all(struct alsa *alsa)
{
    int error = 0;
    /* The buffer is full: its first frame leaves at that instant. */
    if (!alsa->has_begun && !start_wait(alsa->audio)) {
        return -ECANCELED;
    }
    alsa->has_begun = true;
    for (unsigned k = alsa->stream_count; k-- > 0 && error >= 0;) {
        error = start_stream(alsa, k);
    }
    alsa->is_started = error >= 0;
    return error;
}

/* Full duplex: a buffer of silence, then both at once. */
static int prime_duplex(struct alsa *alsa)
{
    int error = alsa_write_silence(alsa);
    if (error == 0) {
        error = start_all(alsa);
    }
    alsa->is_primed = error == 0;
    return error;
}

/* Playing alone begins when no further block fits into the buffer. */
static int start_when_full(struct alsa *alsa)
{
    struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    snd_pcm_sframes_t avail = snd_pcm_avail_update(stream->handle.pcm);
    if (avail < 0 && avail != -EAGAIN && avail != -EINTR) {
        return (int)avail;
    }
    return avail < (snd_pcm_sframes_t)alsa->audio->patch->block_frames
               ? start_all(alsa)
               : 0;
}

int alsa_play(struct alsa *alsa)
{
    snd_pcm_uframes_t block = alsa->audio->patch->block_frames;
    bool is_duplex = alsa->stream_count > 1;
    skip_blocks(alsa);
    int error = is_duplex && !alsa->is_primed ? prime_duplex(alsa)
                                              : alsa_write_pending(alsa);
    while (error == 0 && !is_over(alsa)) {
        if (!alsa->is_started) {
            error = start_when_full(alsa);
        }
        if (error == 0) {
            error = alsa_wait(alsa, block, is_duplex ? block : 0);
        }
        if (error == 0) {
            error = run_block(alsa);
            /* A block came in and went out: both streams are alive. */
            alsa->prepares = is_duplex && error == 0 ? 0 : alsa->prepares;
        }
    }
    return error;
}

void alsa_drain(struct alsa *alsa)
{
    const struct alsa_config *config = &alsa->streams[ALSA_OUT].config;
    snd_pcm_t *pcm = alsa_pcm(alsa, ALSA_OUT);
    snd_pcm_uframes_t buffer = config->buffer_frames;
    if (alsa->stream_count > 1) {
        /* Nobody reads any more: its overrun would stop a linked output. */
        if (alsa->is_linked) {
            (void)snd_pcm_unlink(pcm);
        }
        (void)snd_pcm_drop(alsa_pcm(alsa, ALSA_IN));
    }
    if (!alsa->has_begun && !start_wait(alsa->audio)) {
        return;
    }
    (void)start_stream(alsa, ALSA_OUT);
    int left_ms = (int)(buffer * 1000 / config->sample_rate) + DRAIN_EXTRA_MS;
    for (; left_ms > 0; left_ms -= DRAIN_STEP_MS) {
        snd_pcm_sframes_t room = alsa->streams[ALSA_OUT].is_chain
                                     ? snd_pcm_avail(pcm)
                                     : snd_pcm_avail_update(pcm);
        if (room < 0 || (snd_pcm_uframes_t)room >= buffer ||
            snd_pcm_state(pcm) != SND_PCM_STATE_RUNNING) {
            break;
        }
        alsa_sleep(alsa, DRAIN_STEP_MS);
    }
    (void)snd_pcm_drop(pcm);
}
