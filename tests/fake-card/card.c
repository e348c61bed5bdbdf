/* SPDX-License-Identifier: MIT */
/*
 * The fake sound card as alsa-lib sees it: type f4e_fake, an external I/O
 * plug-in. What it does on demand is in README.md.
 */
#include "constraints.h"
#include "stream.h"

#include <errno.h>
#include <stdlib.h>

static void set_state(struct stream *stream, snd_pcm_state_t state)
{
    (void)snd_pcm_ioplug_set_state(&stream->io, state);
}

/* What a card that is not there says to everything. */
static int presence(const struct stream *stream)
{
    return stream->is_gone ? -ENODEV : stream->is_hung_up ? -EIO : 0;
}

static snd_pcm_sframes_t card_pointer(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    stream_ask(stream);
    int error = stream_advance(stream);
    uint64_t at = stream->hw % stream->boundary;
    clock_unlock();
    return error < 0 ? error : (snd_pcm_sframes_t)at;
}

static int card_prepare(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    int error = presence(stream);
    if (error == 0) {
        stream->base += stream->position;
        stream->position = 0;
        stream->is_running = false;
        stream->hw = 0;
        stream->idle = 0;
        stream->is_refusing_rest = false;
        set_state(stream, SND_PCM_STATE_PREPARED);
        journal_write(&stream->journal, stream->total, "prepare");
        stream_arm(stream);
    }
    clock_unlock();
    return error;
}

static int card_start(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    int64_t queued = stream_queued(stream);
    int error = presence(stream);
    if (error == 0 && stream_is_playback(stream) && queued <= 0 &&
        stream->stop_threshold <= io->buffer_size) {
        error = -EPIPE; /* as the kernel says: nothing to play */
    }
    if (error == 0) {
        journal_write(&stream->journal, stream->total, "start queued=%lld",
                      (long long)queued);
        stream_run(stream);
        set_state(stream, SND_PCM_STATE_RUNNING);
        stream_arm(stream);
    }
    clock_unlock();
    return error;
}

/* Called for drop, and by alsa-lib when a drain is complete. */
static int card_stop(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    journal_write(&stream->journal, stream->total, "stop queued=%lld",
                  (long long)stream_queued(stream));
    stream->is_running = false;
    clock_unlock();
    return 0;
}

static int card_pause(snd_pcm_ioplug_t *io, int is_on)
{
    struct stream *stream = io->private_data;
    clock_lock();
    int error = presence(stream);
    if (error == 0 && is_on) {
        error = stream_advance(stream);
        stream->is_running = false;
    } else if (error == 0) {
        stream_run(stream);
    }
    if (error == 0) {
        journal_write(&stream->journal, stream->total, "pause on=%d", is_on);
        set_state(stream, is_on ? SND_PCM_STATE_PAUSED : SND_PCM_STATE_RUNNING);
        stream_arm(stream);
    }
    clock_unlock();
    return error;
}

/* alsa-lib tells the program 0 whatever this returns: the state tells more. */
static int card_resume(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    unsigned long left = stream->resumes_left;
    journal_write(&stream->journal, stream->total, "resume left=%lu", left);
    if (left > 0) {
        --stream->resumes_left;
    }
    if (left == 1) {
        set_state(stream, stream->suspended_state);
        if (stream->suspended_state == SND_PCM_STATE_RUNNING ||
            stream->suspended_state == SND_PCM_STATE_DRAINING) {
            stream_run(stream);
        }
    }
    stream_arm(stream);
    clock_unlock();
    return left == 1 ? 0 : left == 0 ? -ENOSYS : -EAGAIN;
}

static snd_pcm_sframes_t card_transfer(snd_pcm_ioplug_t *io,
                                       const snd_pcm_channel_area_t *areas,
                                       snd_pcm_uframes_t offset,
                                       snd_pcm_uframes_t size)
{
    struct stream *stream = io->private_data;
    clock_lock();
    snd_pcm_sframes_t done = stream_transfer(stream, areas, offset, size);
    clock_unlock();
    return done;
}

/* What alsa-lib counts without telling (rewind, commit) is known by now. */
static int card_poll_descriptors(snd_pcm_ioplug_t *io, struct pollfd *fds,
                                 unsigned space)
{
    struct stream *stream = io->private_data;
    if (space < 1) {
        return 0;
    }
    clock_lock();
    stream_arm(stream);
    clock_unlock();
    *fds = (struct pollfd){.fd = stream->timer_fd, .events = POLLIN};
    return 1;
}

static int card_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *fds,
                             unsigned count, unsigned short *revents)
{
    struct stream *stream = io->private_data;
    *revents = 0;
    if (count != 1) {
        return -EINVAL;
    }
    if ((fds->revents & POLLIN) == 0) {
        return 0;
    }
    clock_lock();
    if (stream->spurious > 0) {
        --stream->spurious;
        stream->idle = 0;
    } else if (stream->early > 0) {
        --stream->early;
        *revents = stream_is_playback(stream) ? POLLOUT : POLLIN;
    } else {
        stream_wait(stream);
        (void)stream_advance(stream);
        *revents = stream_events(stream);
    }
    stream_arm(stream);
    clock_unlock();
    return 0;
}

static int card_hw_params(snd_pcm_ioplug_t *io, snd_pcm_hw_params_t *params)
{
    struct stream *stream = io->private_data;
    (void)params;
    bool is_good = constraints_hold(stream);
    clock_lock();
    journal_write(&stream->journal, stream->total,
                  "hw_params %saccess=%s format=%s channels=%u rate=%u "
                  "period=%lu buffer=%lu",
                  is_good ? "" : "refused ", snd_pcm_access_name(io->access),
                  snd_pcm_format_name(io->format), io->channels, io->rate,
                  io->period_size, io->buffer_size);
    stream->frame_bytes =
        (size_t)snd_pcm_format_physical_width(io->format) / 8 * io->channels;
    free(stream->ring);
    stream->ring = calloc(io->buffer_size, stream->frame_bytes);
    clock_unlock();
    if (!is_good ||
        (!stream_is_playback(stream) &&
         !source_configure(&stream->source, io->format, io->channels))) {
        return -EINVAL;
    }
    return stream->ring != NULL ? 0 : -ENOMEM;
}

static int card_hw_free(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    clock_lock();
    stream->is_running = false;
    free(stream->ring);
    stream->ring = NULL;
    clock_unlock();
    return 0;
}

static int card_sw_params(snd_pcm_ioplug_t *io, snd_pcm_sw_params_t *params)
{
    struct stream *stream = io->private_data;
    snd_pcm_uframes_t start = 0;
    clock_lock();
    (void)snd_pcm_sw_params_get_avail_min(params, &stream->avail_min);
    (void)snd_pcm_sw_params_get_start_threshold(params, &start);
    (void)snd_pcm_sw_params_get_stop_threshold(params, &stream->stop_threshold);
    (void)snd_pcm_sw_params_get_boundary(params, &stream->boundary);
    bool is_endless = start >= stream->boundary;
    journal_write(&stream->journal, stream->total,
                  "sw_params avail_min=%lu start=%ld stop=%ld",
                  stream->avail_min, is_endless ? -1 : (long)start,
                  stream->stop_threshold >= stream->boundary
                      ? -1
                      : (long)stream->stop_threshold);
    clock_unlock();
    return 0;
}

static int card_close(snd_pcm_ioplug_t *io)
{
    struct stream *stream = io->private_data;
    stream->history.frames = stream->total;
    (void)history_save(&stream->history);
    journal_write(&stream->journal, stream->total,
                  "close xruns=%lu silence=%llu late=%llu", stream->xruns,
                  (unsigned long long)stream->silence_frames,
                  (unsigned long long)stream->late_frames);
    stream_close(stream);
    return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = card_start,
    .stop = card_stop,
    .pointer = card_pointer,
    .transfer = card_transfer,
    .close = card_close,
    .hw_params = card_hw_params,
    .hw_free = card_hw_free,
    .sw_params = card_sw_params,
    .prepare = card_prepare,
    .pause = card_pause,
    .resume = card_resume,
    .poll_descriptors = card_poll_descriptors,
    .poll_revents = card_poll_revents,
};

static int create_pcm(struct stream *stream, const char *name,
                      snd_pcm_stream_t direction, int mode)
{
    stream->boundary = 1; /* until there are parameters */
    stream->io.version = SND_PCM_IOPLUG_VERSION;
    stream->io.name = "fake sound card";
    stream->io.flags =
        SND_PCM_IOPLUG_FLAG_MONOTONIC | SND_PCM_IOPLUG_FLAG_BOUNDARY_WA;
    stream->io.poll_fd = stream->timer_fd;
    stream->io.poll_events = POLLIN;
    stream->io.callback = &callbacks;
    stream->io.private_data = stream;
    return snd_pcm_ioplug_create(&stream->io, name, direction, mode);
}

/* What alsa-lib looks for; all else is hidden from the program's names. */
#pragma GCC visibility push(default)
SND_PCM_PLUGIN_DEFINE_FUNC(f4e_fake);
SND_PCM_PLUGIN_SYMBOL(f4e_fake)
#pragma GCC visibility pop

SND_PCM_PLUGIN_DEFINE_FUNC(f4e_fake)
{
    struct stream *made;
    (void)root;
    int error = stream_open(&made, conf, stream);
    if (error < 0) {
        return error;
    }
    error = create_pcm(made, name, stream, mode);
    if (error < 0) {
        stream_close(made);
        return error;
    }
    error = constraints_apply(made);
    if (error < 0) {
        /* Calls card_close(). */
        (void)snd_pcm_ioplug_delete(&made->io);
        return error;
    }
    *pcmp = made->io.pcm;
    return 0;
}
