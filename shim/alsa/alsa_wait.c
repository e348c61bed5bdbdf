/* SPDX-License-Identifier: MIT */
/* Declared in alsa/alsa_internal.h. */
#include "alsa/alsa_internal.h"

#include <errno.h>
#include <poll.h>

enum {
    POLL_MAX = 16,     /* descriptors of one stream */
    EMPTY_WAKEUPS = 4, /* for nothing before a pause is made */
};

void alsa_sleep(const struct alsa *alsa, int ms)
{
    bool is_stopping = atomic_load(&alsa->audio->is_stopping);
    struct pollfd fd = {.fd = is_stopping ? -1 : alsa->audio->stop_fd,
                        .events = POLLIN};
    (void)poll(&fd, 1, ms);
}

int alsa_state_error(snd_pcm_t *pcm)
{
    snd_pcm_state_t state = snd_pcm_state(pcm);
    return state == SND_PCM_STATE_XRUN           ? -EPIPE
           : state == SND_PCM_STATE_SUSPENDED    ? -ESTRPIPE
           : state == SND_PCM_STATE_DISCONNECTED ? -ENODEV
           : state == SND_PCM_STATE_OPEN         ? -EBADFD
           : state == SND_PCM_STATE_SETUP        ? -EBADFD
                                                 : 0;
}

/*
 * The frames available now. A plug-in in front of another reads a pointer that
 * the other moves only when it is asked itself: woken for nothing, we have the
 * whole chain look at its device.
 */
static snd_pcm_sframes_t look_avail(const struct alsa_stream *stream,
                                    snd_pcm_uframes_t need, bool is_woken)
{
    snd_pcm_t *pcm = stream->handle.pcm;
    snd_pcm_sframes_t avail = snd_pcm_avail_update(pcm);
    bool is_still =
        avail >= 0 && avail == stream->avail && (snd_pcm_uframes_t)avail < need;
    return is_woken && is_still && stream->is_chain ? snd_pcm_avail(pcm)
                                                    : avail;
}

/*
 * A server moves its own periods, whatever we have asked for. Two of them look
 * like one to who wakes late: the shortest of some steps counts.
 */
static void measure_step(struct alsa *alsa, struct alsa_stream *stream,
                         snd_pcm_sframes_t step)
{
    enum { STEPS = 16 };
    if (stream->steps == 0 || step < stream->least_step) {
        stream->least_step = step;
    }
    if (++stream->steps == STEPS) {
        stream->steps = 0;
        atomic_store_explicit(&alsa->audio->stats->period,
                              (uint64_t)stream->least_step,
                              memory_order_relaxed);
    }
}

/* Ask each stream; true when all have enough. */
static bool ask(struct alsa *alsa, const snd_pcm_uframes_t *need, bool is_woken,
                bool *is_moving, int *error)
{
    bool is_ready = true;
    for (unsigned k = 0; k < alsa->stream_count && k < ALSA_STREAMS; k++) {
        struct alsa_stream *stream = &alsa->streams[k];
        snd_pcm_sframes_t avail = look_avail(stream, need[k], is_woken);
        if (avail == -EAGAIN || avail == -EINTR) {
            avail = stream->avail;
        }
        if (avail < 0) {
            *error = (int)avail;
            return false;
        }
        /* Only where frames lack: the other stream's life proves nothing. */
        *is_moving = *is_moving || (avail > stream->avail &&
                                    stream->avail < (snd_pcm_sframes_t)need[k]);
        if (stream->is_pipewire && k == ALSA_OUT && avail > stream->avail) {
            measure_step(alsa, stream, avail - stream->avail);
        }
        stream->avail = avail;
        is_ready = is_ready && (snd_pcm_uframes_t)avail >= need[k];
    }
    return is_ready;
}

/*
 * How long ago the device had what was waited for: at a period's end or when
 * there was enough, whichever came later.
 */
static uint64_t lateness_ns(const struct alsa_stream *stream,
                            snd_pcm_uframes_t need)
{
    const struct alsa_config *config = &stream->config;
    uint64_t avail = (uint64_t)stream->avail;
    bool is_playback = stream->request.direction == SND_PCM_STREAM_PLAYBACK;
    uint64_t wake = need;
    if (is_playback && wake < config->period_frames) {
        wake = config->period_frames;
    }
    uint64_t late = avail > wake ? avail - wake : 0;
    uint64_t pointer = is_playback
                           ? stream->moved + avail - config->buffer_frames
                           : stream->moved + avail;
    uint64_t since_period = pointer % config->period_frames;
    late = since_period < late ? since_period : late;
    return 1 + late * UINT64_C(1000000000) / config->sample_rate;
}

/* What the descriptors of one stream say. */
static int look(snd_pcm_t *pcm, struct pollfd *fds, unsigned count)
{
    unsigned short events = 0;
    int error = snd_pcm_poll_descriptors_revents(pcm, fds, count, &events);
    if (error < 0) {
        return error;
    }
    if ((events & (POLLHUP | POLLNVAL)) != 0) {
        return -ENODEV;
    }
    return (events & POLLERR) != 0 ? alsa_state_error(pcm) : 0;
}

/*
 * Wait until a stream that lacks frames, or the control thread, wants
 * something. Descriptors are asked for anew each time: some plugins change
 * them. Returns what poll() does, or a negative error.
 */
static int wait_events(struct alsa *alsa, const snd_pcm_uframes_t *need)
{
    struct pollfd fds[POLL_MAX * ALSA_STREAMS + 1];
    unsigned counts[ALSA_STREAMS] = {0};
    unsigned count = 0;
    for (unsigned k = 0; k < alsa->stream_count && k < ALSA_STREAMS; k++) {
        if ((snd_pcm_uframes_t)alsa->streams[k].avail < need[k]) {
            int got = snd_pcm_poll_descriptors(alsa_pcm(alsa, k), fds + count,
                                               POLL_MAX);
            if (got <= 0) {
                return got < 0 ? got : -ENODEV;
            }
            counts[k] = (unsigned)got < POLL_MAX ? (unsigned)got : POLL_MAX;
            count += counts[k];
        }
    }
    unsigned total = count;
    if (!atomic_load(&alsa->audio->is_stopping)) {
        fds[total++] =
            (struct pollfd){.fd = alsa->audio->stop_fd, .events = POLLIN};
    }
    int events = poll(fds, total, alsa->wait_ms);
    if (events < 0) {
        return errno == EINTR ? 0 : -errno;
    }
    unsigned first = 0;
    for (unsigned k = 0; k < alsa->stream_count && k < ALSA_STREAMS; k++) {
        int error =
            counts[k] > 0 ? look(alsa_pcm(alsa, k), fds + first, counts[k]) : 0;
        if (error < 0) {
            return error;
        }
        first += counts[k];
    }
    return events;
}

/* Nothing moved: is it time to give up? */
static int judge_stillness(struct alsa *alsa, uint64_t now)
{
    bool is_stopping = atomic_load(&alsa->audio->is_stopping);
    uint64_t still_ms = (now - alsa->progress_ns) / 1000000;
    uint64_t patience = (uint64_t)alsa->wait_ms;
    if (!is_stopping && patience < alsa_patience_ms) {
        patience = alsa_patience_ms;
    }
    for (unsigned k = 0; k < alsa->stream_count; k++) {
        int error = alsa_state_error(alsa_pcm(alsa, k));
        if (error < 0) {
            return error;
        }
    }
    if (still_ms > patience) {
        return is_stopping ? -ECANCELED : -ETIMEDOUT;
    }
    if (++alsa->empty_wakeups > EMPTY_WAKEUPS) {
        alsa_sleep(alsa, 1); /* do not spin */
    }
    return 0;
}

int alsa_wait(struct alsa *alsa, snd_pcm_uframes_t out, snd_pcm_uframes_t in)
{
    const snd_pcm_uframes_t need[ALSA_STREAMS] = {out, in};
    unsigned leader = alsa->stream_count > 1 ? ALSA_IN : ALSA_OUT;
    bool is_woken = false;
    bool is_first = true;
    int error = 0;
    for (;;) {
        bool is_moving = false;
        bool is_ready = ask(alsa, need, is_woken, &is_moving, &error);
        if (error < 0) {
            return error;
        }
        if (is_woken) {
            stats_wakeup(alsa->audio->stats,
                         is_ready
                             ? lateness_ns(&alsa->streams[leader], need[leader])
                             : 0,
                         !is_ready);
        }
        if (is_moving || is_ready || is_first) {
            alsa->progress_ns = stats_now_ns();
            alsa->empty_wakeups = 0;
            alsa->has_moved |= is_moving;
            /*
             * Played, not just accepted: what a dead device never does. Of
             * two streams one may be dead: there a whole block counts.
             */
            if (is_moving && alsa->stream_count == 1) {
                alsa->prepares = 0;
            }
        } else {
            error = judge_stillness(alsa, stats_now_ns());
        }
        if (error < 0 || is_ready) {
            return error;
        }
        is_first = false;
        int events = wait_events(alsa, need);
        if (events < 0) {
            return events;
        }
        is_woken = events > 0;
    }
}
