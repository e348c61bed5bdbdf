/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. */
#include "alsa/alsa_internal.h"

#include "alsa/alsa_time.h"

#include <errno.h>

enum {
    PREPARES_MAX = 10, /* at least, without a frame played in between */
    PREPARE_STEP_MS = 10,
    PREPARE_STEPS_MAX = 10,
    RESUME_STEP_MS = 50,
    RESUMES_MAX = 100,  /* while the driver says that it is not ready */
    RESUMES_EMPTY = 10, /* that claim to work and do not */
    SKIP_MAX_S = 60,
};

/*
 * When the device stopped: its own word if that is plausible, else when what
 * was queued at the last look had run out.
 */
static uint64_t stop_time(const struct alsa *alsa, uint64_t now)
{
    const struct alsa_stream *stream = &alsa->streams[ALSA_OUT];
    const struct alsa_config *config = &stream->config;
    uint64_t trigger = alsa_trigger_ns(alsa->status);
    uint64_t seen = alsa->progress_ns;
    if (trigger >= seen && trigger <= now) {
        return trigger;
    }
    snd_pcm_sframes_t queued =
        (snd_pcm_sframes_t)config->buffer_frames - stream->avail;
    queued = queued > 0 ? queued : 0;
    seen += (uint64_t)queued * 1000000000U / config->sample_rate;
    return seen < now ? seen : now;
}

/* Frames of the patch that were to be heard, or recorded, and never are. */
static uint64_t dropped_frames(const struct alsa *alsa)
{
    snd_pcm_uframes_t buffer = alsa->streams[ALSA_OUT].config.buffer_frames;
    snd_pcm_uframes_t avail = snd_pcm_status_get_avail(alsa->status);
    return (avail < buffer ? buffer - avail : 0) + alsa->pending;
}

/* Count it, and find out what must be skipped to stay with the clock. */
static void measure(struct alsa *alsa)
{
    struct audio *audio = alsa->audio;
    uint64_t rate = alsa->streams[ALSA_OUT].config.sample_rate;
    uint64_t now = stats_now_ns();
    uint64_t lost_ns = 0;
    if (snd_pcm_status(alsa_pcm(alsa, ALSA_OUT), alsa->status) >= 0) {
        lost_ns = now - stop_time(alsa, now);
    }
    stats_xrun(audio->stats, lost_ns);
    if (audio->options->xrun_policy != XRUN_SKIP) {
        return;
    }
    uint64_t block = audio->patch->block_frames;
    uint64_t most = SKIP_MAX_S * rate;
    uint64_t lost = lost_ns / 1000 * rate / 1000000;
    uint64_t dropped = dropped_frames(alsa);
    lost = lost < most ? lost : most;
    if (lost >= dropped + block / 2) {
        alsa->skip += (lost - dropped + block / 2) / block * block;
        alsa->pending = 0;
    }
}

/* From nothing again: alsa_play() fills and starts. */
static int prepare(struct alsa *alsa)
{
    int error = 0;
    if (alsa->is_linked) {
        (void)snd_pcm_unlink(alsa_pcm(alsa, ALSA_OUT));
    }
    for (unsigned k = 0; k < alsa->stream_count && error >= 0; k++) {
        struct alsa_stream *stream = &alsa->streams[k];
        (void)snd_pcm_drop(stream->handle.pcm);
        error = snd_pcm_prepare(stream->handle.pcm);
        stream->moved = 0;
        stream->avail =
            k == ALSA_OUT ? (snd_pcm_sframes_t)stream->config.buffer_frames : 0;
    }
    if (alsa->is_linked && error >= 0) {
        alsa->is_linked = snd_pcm_link(alsa_pcm(alsa, ALSA_OUT),
                                       alsa_pcm(alsa, ALSA_IN)) >= 0;
    }
    alsa->is_started = false;
    alsa->is_primed = false;
    return error;
}

/* True when the stream goes on where it was. */
static bool resume_stream(const struct alsa *alsa, snd_pcm_t *pcm)
{
    unsigned empty = 0;
    for (unsigned k = 0; k < RESUMES_MAX; k++) {
        if (snd_pcm_state(pcm) != SND_PCM_STATE_SUSPENDED) {
            return true;
        }
        int error = snd_pcm_resume(pcm);
        if (error == 0 && snd_pcm_state(pcm) != SND_PCM_STATE_SUSPENDED) {
            return true;
        }
        /* Plugins say 0 whatever happened. */
        bool is_hopeless = error == 0 && ++empty >= RESUMES_EMPTY;
        if ((error < 0 && error != -EAGAIN) || is_hopeless ||
            atomic_load(&alsa->audio->is_stopping)) {
            break;
        }
        alsa_sleep(alsa, RESUME_STEP_MS);
    }
    return false;
}

/* Many drivers cannot resume, only begin again. */
static int resume(struct alsa *alsa)
{
    bool is_resumed = true;
    stats_add(&alsa->audio->stats->suspends, 1);
    for (unsigned k = 0; k < alsa->stream_count && is_resumed; k++) {
        is_resumed = resume_stream(alsa, alsa_pcm(alsa, k));
    }
    return is_resumed ? 0 : prepare(alsa);
}

static bool is_gone(int error)
{
    return error == -ENODEV || error == -ENOTTY || error == -ETIMEDOUT ||
           error == -ENXIO || error == -ENOENT;
}

static bool is_patience_over(const struct alsa *alsa)
{
    return stats_now_ns() - alsa->trouble_ns >
           alsa_patience_ms * UINT64_C(1000000);
}

enum alsa_remedy alsa_recover(struct alsa *alsa, int error)
{
    const struct options *options = alsa->audio->options;
    if (alsa->fade.is_ending || error == -ECANCELED ||
        atomic_load(&alsa->audio->is_stopping)) {
        return ALSA_ENDS;
    }
    alsa->lost_because =
        error == -ETIMEDOUT ? "it takes no more samples" : NULL;
    if (is_gone(error)) {
        return ALSA_IS_LOST;
    }
    if (++alsa->prepares == 1) {
        alsa->trouble_ns = stats_now_ns();
    }
    if (alsa->prepares > PREPARES_MAX && is_patience_over(alsa)) {
        alsa->lost_because = "it does not start again";
        return ALSA_IS_LOST;
    }
    if (alsa->prepares > 1) {
        unsigned steps = alsa->prepares < PREPARE_STEPS_MAX ? alsa->prepares
                                                            : PREPARE_STEPS_MAX;
        alsa_sleep(alsa, PREPARE_STEP_MS * (int)steps);
    }
    if (error == -ESTRPIPE) {
        error = resume(alsa);
    } else {
        measure(alsa);
        if (options->max_xruns > 0 &&
            stats_get(&alsa->audio->stats->xruns) > options->max_xruns) {
            return ALSA_GIVES_UP;
        }
        error = prepare(alsa);
    }
    /* Not ready yet is not gone: the next round tries again. */
    return is_gone(error) ? ALSA_IS_LOST : ALSA_GOES_ON;
}
