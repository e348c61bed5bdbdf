/* SPDX-License-Identifier: MIT */
#include "stream.h"

#include <errno.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

/*
 * Questions in a row, more than one call of alsa-lib asks, after which a
 * program must be passing the time without poll().
 */
enum { IDLE_MAX = 8 };
#define NS_PER_S UINT64_C(1000000000)
#define AT_ONCE  UINT64_C(1) /* 0 would disarm the timer */

int64_t stream_queued(const struct stream *stream)
{
    snd_pcm_uframes_t appl = stream->io.appl_ptr;
    snd_pcm_uframes_t hw = (snd_pcm_uframes_t)(stream->hw % stream->boundary);
    snd_pcm_uframes_t from = stream_is_playback(stream) ? hw : appl;
    snd_pcm_uframes_t to = stream_is_playback(stream) ? appl : hw;
    snd_pcm_uframes_t ahead =
        to >= from ? to - from : to + stream->boundary - from;
    return ahead > stream->boundary / 2 ? -(int64_t)(stream->boundary - ahead)
                                        : (int64_t)ahead;
}

static int64_t available(const struct stream *stream)
{
    int64_t queued = stream_queued(stream);
    int64_t all = stream_is_playback(stream)
                      ? (int64_t)stream->io.buffer_size - queued
                      : queued;
    return all - (int64_t)stream->ahead;
}

static bool is_moving(const struct stream *stream)
{
    return stream->is_running && !stream->is_gone && !stream->is_hung_up;
}

static uint64_t quantum_of(const struct stream *stream)
{
    uint64_t frames = stream->settings.is_quantum_period
                          ? stream->io.period_size
                          : stream->settings.quantum_frames;
    return frames > 0 ? frames : 1;
}

static uint64_t frame_at(const struct stream *stream, uint64_t card_ns)
{
    uint64_t quantum = quantum_of(stream);
    if (card_ns <= stream->start_ns) {
        return 0;
    }
    uint64_t frames = clock_frames(card_ns - stream->start_ns, stream->io.rate);
    return frames / quantum * quantum;
}

/* Card time at which the pointer stands at 'hw' or after it. */
static uint64_t time_of(const struct stream *stream, uint64_t hw)
{
    uint64_t quantum = quantum_of(stream);
    uint64_t frames = (hw + quantum - 1) / quantum * quantum;
    return stream->start_ns + clock_ns(frames, stream->io.rate);
}

static void write_out(struct stream *stream, const unsigned char *bytes,
                      size_t size)
{
    while (stream->out_fd >= 0 && size > 0) {
        ssize_t done = write(stream->out_fd, bytes, size);
        if (done < 0) {
            journal_write(&stream->journal, stream->total, "file error=%d",
                          errno);
            return;
        }
        bytes += done;
        size -= (size_t)done;
    }
}

/* The pointer passes over 'count' frames of the ring. */
static void pass(struct stream *stream, uint64_t count)
{
    while (count > 0) {
        uint64_t at = stream->hw % stream->io.buffer_size;
        uint64_t part = stream->io.buffer_size - at;
        part = part < count ? part : count;
        unsigned char *frames = stream->ring + at * stream->frame_bytes;
        if (stream_is_playback(stream)) {
            write_out(stream, frames, part * stream->frame_bytes);
        } else {
            source_fill(&stream->source, stream->total, frames, part);
        }
        stream->hw += part;
        stream->total += part;
        count -= part;
    }
}

/* Past the last frame written: what a card without data plays. */
static void pass_silence(struct stream *stream, uint64_t count)
{
    static const unsigned char zeros[4096];
    if (count > 0 && stream->silence_frames == 0) {
        journal_write(&stream->journal, stream->total, "silence");
    }
    stream->silence_frames += count;
    stream->hw += count;
    stream->total += count;
    for (size_t left = count * stream->frame_bytes; left > 0;) {
        size_t part = left < sizeof(zeros) ? left : sizeof(zeros);
        write_out(stream, zeros, part);
        left -= part;
    }
}

int stream_xrun(struct stream *stream, const char *cause)
{
    stream->xruns++;
    stream->is_running = false;
    (void)snd_pcm_ioplug_set_state(&stream->io, SND_PCM_STATE_XRUN);
    journal_write(&stream->journal, stream->total, "xrun cause=%s queued=%lld",
                  cause, (long long)stream_queued(stream));
    stream_arm(stream);
    if (!stream->settings.is_linked) {
        return -EPIPE;
    }
    for (int k = 0; k < CLOCK_STREAMS_MAX; k++) {
        struct stream *other = stream->clock->streams[k];
        if (other != NULL && other->is_running) {
            (void)stream_xrun(other, "linked");
        }
    }
    return -EPIPE;
}

/* Move by 'count' frames, or as far as the data goes. */
static int move(struct stream *stream, uint64_t count)
{
    uint64_t buffer = stream->io.buffer_size;
    int64_t left = (int64_t)buffer - available(stream); /* until nothing is */
    bool is_draining = stream->io.state == SND_PCM_STATE_DRAINING;
    if (is_draining || !stream->settings.has_underruns) {
        uint64_t limit = left > 0 ? (uint64_t)left : 0;
        bool is_waiting = count > limit && !is_draining;
        pass(stream, count < limit ? count : limit);
        if (is_waiting) {
            stream->start_ns = clock_now(stream->clock) -
                               clock_ns(stream->hw, stream->io.rate);
        }
        return 0;
    }
    if (stream->stop_threshold <= buffer) {
        int64_t limit = left - (int64_t)(buffer - stream->stop_threshold);
        if (limit > 0 && count < (uint64_t)limit) {
            pass(stream, count);
            return 0;
        }
        pass(stream, limit > 0 ? (uint64_t)limit : 0);
        return stream_xrun(stream,
                           stream_is_playback(stream) ? "underrun" : "overrun");
    }
    uint64_t heard = left <= 0 && stream_is_playback(stream) ? 0 : count;
    if (stream_is_playback(stream) && left > 0 && (uint64_t)left < count) {
        heard = (uint64_t)left;
    }
    pass(stream, heard);
    pass_silence(stream, count - heard);
    return 0;
}

int stream_advance(struct stream *stream)
{
    while (is_moving(stream)) {
        uint64_t target = frame_at(stream, clock_now(stream->clock));
        uint64_t count = target > stream->hw ? target - stream->hw : 0;
        struct event *event =
            script_due(&stream->script, MOMENT_POINTER, stream->total + count);
        if (event != NULL) {
            /* Exactly there, however late the program asks. */
            count =
                event->frame > stream->total ? event->frame - stream->total : 0;
        }
        int error = count > 0 ? move(stream, count) : 0;
        if (error == 0 && event != NULL && stream->total >= event->frame) {
            error = fault_strike(stream, event);
        } else {
            return error;
        }
        if (error < 0) {
            return error;
        }
    }
    return 0;
}

/* How much must be available for the program to go on. */
static int64_t wanted(const struct stream *stream)
{
    if (stream->io.state == SND_PCM_STATE_DRAINING) {
        return (int64_t)stream->io.buffer_size;
    }
    return stream->avail_min > 0 ? (int64_t)stream->avail_min : 1;
}

static uint64_t draw_jitter_ns(struct stream *stream)
{
    if (stream->settings.jitter_us == 0) {
        return 0;
    }
    stream->random = stream->random * 1664525u + 1013904223u;
    return (stream->random >> 8) % (stream->settings.jitter_us + 1) *
           UINT64_C(1000);
}

static bool is_virtual(const struct stream *stream)
{
    return !(stream->settings.speed > 0);
}

void stream_ask(struct stream *stream)
{
    if (!is_virtual(stream) || !is_moving(stream) ||
        ++stream->idle <= IDLE_MAX) {
        return;
    }
    stream->idle = IDLE_MAX / 2;
    uint64_t step =
        quantum_of(stream) > 1 ? quantum_of(stream) : stream->io.period_size;
    clock_advance(stream->clock,
                  clock_now(stream->clock) + clock_ns(step, stream->io.rate));
}

void stream_wait(struct stream *stream)
{
    int64_t missing = wanted(stream) - available(stream);
    if (!is_virtual(stream) || !is_moving(stream)) {
        return;
    }
    if (missing <= 0) {
        stream_ask(stream);
        return;
    }
    stream->idle = 0;
    clock_advance(stream->clock,
                  time_of(stream, stream->hw + (uint64_t)missing) +
                      draw_jitter_ns(stream));
}

unsigned short stream_events(const struct stream *stream)
{
    unsigned short ready = stream_is_playback(stream) ? POLLOUT : POLLIN;
    if (stream->is_gone) {
        return POLLERR | POLLNVAL;
    }
    if (stream->is_hung_up) {
        return POLLERR | POLLHUP;
    }
    switch (stream->io.state) {
    case SND_PCM_STATE_PREPARED:
    case SND_PCM_STATE_RUNNING:
    case SND_PCM_STATE_PAUSED:
    case SND_PCM_STATE_DRAINING:
        return available(stream) >= wanted(stream) ? ready : 0;
    case SND_PCM_STATE_OPEN:
    case SND_PCM_STATE_SETUP:
    case SND_PCM_STATE_XRUN:
    case SND_PCM_STATE_SUSPENDED:
    case SND_PCM_STATE_DISCONNECTED:
    case SND_PCM_STATE_PRIVATE1:
        break;
    }
    return ready | POLLERR;
}

/* By CLOCK_MONOTONIC; AT_ONCE, CLOCK_NEVER. */
static uint64_t wake_time(struct stream *stream)
{
    int64_t missing = wanted(stream) - available(stream);
    if (stream->spurious > 0 || stream->early > 0 ||
        stream_events(stream) != 0) {
        return AT_ONCE;
    }
    if (!is_moving(stream)) {
        return CLOCK_NEVER;
    }
    uint64_t when = clock_real(stream->clock,
                               time_of(stream, stream->hw + (uint64_t)missing));
    return when > AT_ONCE ? when : AT_ONCE;
}

void stream_arm(struct stream *stream)
{
    struct itimerspec timer = {0}; /* disarmed */
    uint64_t when = wake_time(stream);
    if (when == stream->armed_ns) {
        return; /* setting a timer is dear, and a late one stays late */
    }
    stream->armed_ns = when;
    if (when != CLOCK_NEVER) {
        /* A virtual clock's lateness is in how far it moves. */
        bool is_exact = when == AT_ONCE || is_virtual(stream);
        when += is_exact ? 0 : draw_jitter_ns(stream);
        timer.it_value.tv_sec = (time_t)(when / NS_PER_S);
        timer.it_value.tv_nsec = (long)(when % NS_PER_S);
    }
    (void)timerfd_settime(stream->timer_fd, TFD_TIMER_ABSTIME, &timer, NULL);
}

void stream_run(struct stream *stream)
{
    uint64_t past = clock_ns(stream->hw, stream->io.rate);
    stream->start_ns = clock_now(stream->clock) - past;
    stream->is_running = true;
    stream->idle = 0;
}

/* One frame between the areas of the program and its place in the ring. */
static void copy_frame(struct stream *stream,
                       const snd_pcm_channel_area_t *areas,
                       snd_pcm_uframes_t frame, uint64_t position)
{
    size_t bytes = stream->frame_bytes / stream->io.channels;
    unsigned char *at =
        stream->ring + position % stream->io.buffer_size * stream->frame_bytes;
    for (unsigned k = 0; k < stream->io.channels; k++, at += bytes) {
        unsigned char *sample = (unsigned char *)areas[k].addr +
                                (areas[k].first + frame * areas[k].step) / 8;
        if (stream_is_playback(stream)) {
            memcpy(at, sample, bytes);
        } else {
            memcpy(sample, at, bytes);
        }
    }
}

snd_pcm_sframes_t stream_transfer(struct stream *stream,
                                  const snd_pcm_channel_area_t *areas,
                                  snd_pcm_uframes_t offset,
                                  snd_pcm_uframes_t size)
{
    int error = fault_transfer(stream, &size);
    stream->idle = 0;
    if (error < 0) {
        return error;
    }
    uint64_t appl = stream->io.appl_ptr;
    for (snd_pcm_uframes_t k = 0; k < size; k++) {
        /* Overtaken: the program is late and this is never heard. */
        bool is_late = stream_is_playback(stream) &&
                       stream_queued(stream) + (int64_t)k < 0;
        stream->late_frames += is_late;
        if (!is_late) {
            copy_frame(stream, areas, offset + k, appl + k);
        }
    }
    /* A read of mapped memory is counted when the program commits it. */
    bool is_counted = stream_is_playback(stream) ||
                      stream->io.access == SND_PCM_ACCESS_RW_INTERLEAVED ||
                      stream->io.access == SND_PCM_ACCESS_RW_NONINTERLEAVED;
    stream->ahead = is_counted ? size : 0;
    stream_arm(stream);
    stream->ahead = 0;
    return (snd_pcm_sframes_t)size;
}
