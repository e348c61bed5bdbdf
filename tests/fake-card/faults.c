/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <errno.h>
#include <time.h>

static void hold(struct stream *stream, unsigned long ms)
{
    clock_hold(stream->clock,
               stream->start_ns + clock_ns(stream->hw, stream->io.rate), ms);
}

static void suspend(struct stream *stream, unsigned long resumes)
{
    snd_pcm_state_t state = stream->io.state;
    if (state != SND_PCM_STATE_RUNNING && state != SND_PCM_STATE_PREPARED &&
        state != SND_PCM_STATE_PAUSED && state != SND_PCM_STATE_DRAINING &&
        state != SND_PCM_STATE_XRUN) {
        return;
    }
    stream->suspended_state = state;
    stream->resumes_left = resumes;
    stream->is_running = false;
    (void)snd_pcm_ioplug_set_state(&stream->io, SND_PCM_STATE_SUSPENDED);
    journal_write(&stream->journal, stream->total, "suspend queued=%lld",
                  (long long)stream_queued(stream));
}

static void vanish(struct stream *stream, unsigned long away)
{
    stream->is_gone = true;
    stream->is_running = false;
    stream->history.away = away;
    (void)snd_pcm_ioplug_set_state(&stream->io, SND_PCM_STATE_DISCONNECTED);
    journal_write(&stream->journal, stream->total, "nodev queued=%lld",
                  (long long)stream_queued(stream));
}

static void hang_up(struct stream *stream)
{
    stream->is_hung_up = true;
    journal_write(&stream->journal, stream->total, "hup queued=%lld",
                  (long long)stream_queued(stream));
}

/* What happens to the card happens to each of its streams. */
static void strike_card(struct stream *origin, enum fault fault,
                        unsigned long argument)
{
    for (int k = 0; k < CLOCK_STREAMS_MAX; k++) {
        struct stream *stream = origin->clock->streams[k];
        if (stream == NULL || stream->is_gone) {
            continue;
        }
        if (fault == FAULT_SUSPEND) {
            suspend(stream, argument);
        } else if (fault == FAULT_NODEV) {
            vanish(stream, argument);
        } else if (fault == FAULT_HUP) {
            hang_up(stream);
        }
        if (stream->ring != NULL) {
            stream_arm(stream);
        }
    }
}

int fault_strike(struct stream *stream, struct event *event)
{
    enum fault fault = event->fault;
    unsigned long argument = event->argument;
    unsigned long times = event->has_argument ? argument : 1;
    script_pass(&stream->script, event);
    switch (fault) {
    case FAULT_XRUN:
        return stream_xrun(stream, "script");
    case FAULT_STALL:
        journal_write(&stream->journal, stream->total, "stall ms=%lu",
                      argument);
        hold(stream, argument);
        strike_card(stream, fault, argument);
        break;
    case FAULT_SUSPEND:
    case FAULT_NODEV:
    case FAULT_HUP:
        strike_card(stream, fault, argument);
        break;
    case FAULT_SPURIOUS:
        journal_write(&stream->journal, stream->total, "spurious times=%lu",
                      times);
        stream->spurious += times;
        break;
    case FAULT_EARLY:
        journal_write(&stream->journal, stream->total, "early times=%lu",
                      times);
        stream->early += times;
        break;
    case FAULT_SHORT:
    case FAULT_EAGAIN:
    case FAULT_EINTR:
    case FAULT_EIO:
    case FAULT_OPEN_BUSY:
    case FAULT_OPEN_GONE:
    case FAULT_OPEN_NODEV:
    case FAULT_OPEN_DENIED:
    case FAULT_OPEN_SLOW:
    case FAULT_COUNT:
        break;
    }
    stream_arm(stream);
    return 0;
}

static bool is_rw(const struct stream *stream)
{
    return stream->io.access == SND_PCM_ACCESS_RW_INTERLEAVED ||
           stream->io.access == SND_PCM_ACCESS_RW_NONINTERLEAVED;
}

/* The event holds one of the frames [first, first + size). */
static void strike_transfer(struct stream *stream, struct event *event,
                            uint64_t first, snd_pcm_uframes_t *size)
{
    static const int errors[FAULT_COUNT] = {
        [FAULT_EAGAIN] = -EAGAIN, [FAULT_EINTR] = -EINTR, [FAULT_EIO] = -EIO};
    journal_write(&stream->journal, stream->total, "%s transfer=%llu size=%lu",
                  script_fault_name(event->fault), (unsigned long long)first,
                  *size);
    if (event->fault == FAULT_SHORT) {
        uint64_t cut = event->frame >= first ? event->frame - first + 1 : 1;
        if (cut < *size) {
            *size = (snd_pcm_uframes_t)cut;
            /* alsa-lib would come for the rest in the same call. */
            stream->is_refusing_rest = is_rw(stream);
        }
    } else {
        stream->refusal = errors[event->fault];
        stream->refusals = event->has_argument ? event->argument : 1;
    }
    script_pass(&stream->script, event);
}

int fault_transfer(struct stream *stream, snd_pcm_uframes_t *size)
{
    int64_t queued = stream_queued(stream);
    uint64_t appl = stream_is_playback(stream)
                        ? (uint64_t)((int64_t)stream->hw + queued)
                        : (uint64_t)((int64_t)stream->hw - queued);
    uint64_t first = stream->base + appl;
    stream->position = appl;
    if (stream->is_gone) {
        return -ENODEV;
    }
    if (stream->is_hung_up) {
        return -EIO;
    }
    if (stream->is_refusing_rest) {
        stream->is_refusing_rest = false;
        return -EAGAIN;
    }
    if (stream->refusals == 0) {
        struct event *event =
            script_due(&stream->script, MOMENT_TRANSFER, first + *size - 1);
        if (event != NULL) {
            strike_transfer(stream, event, first, size);
        }
    }
    if (stream->refusals > 0) {
        --stream->refusals;
        return stream->refusal;
    }
    stream->position = appl + *size;
    return 0;
}

int fault_open(struct stream *stream)
{
    struct history *history = &stream->history;
    unsigned long before = history->opens++;
    struct event *event;
    if (history->away > 0) {
        --history->away;
        return -ENOENT;
    }
    int error = 0;
    while ((event = script_due(&stream->script, MOMENT_OPEN, 0)) != NULL) {
        static const int errors[FAULT_COUNT] = {[FAULT_OPEN_BUSY] = -EBUSY,
                                                [FAULT_OPEN_GONE] = -ENOENT,
                                                [FAULT_OPEN_NODEV] = -ENODEV,
                                                [FAULT_OPEN_DENIED] = -EACCES};
        bool is_counted = event->has_argument;
        if (event->fault == FAULT_OPEN_SLOW) {
            struct timespec time = {(time_t)(event->argument / 1000),
                                    (long)(event->argument % 1000) * 1000000};
            (void)nanosleep(&time, NULL);
        } else if (error == 0 && (!is_counted || before < event->argument)) {
            error = errors[event->fault];
        }
        script_pass(&stream->script, event);
    }
    return error;
}
