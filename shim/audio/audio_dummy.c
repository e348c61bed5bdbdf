/* SPDX-License-Identifier: MIT */
/*
 * Declared in audio/audio.h. A device that is not there: its buffer is filled
 * and runs empty by the system's clock, and it wakes for whole periods as a
 * card does.
 */
#include "audio/audio.h"

#include "audio/record.h"
#include "audio/start.h"
#include "message/message.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct dummy {
    float **out;
    int timer_fd;
    uint64_t buffer; /* frames */
    uint64_t period;
    uint64_t need;     /* room that a wake-up waits for */
    uint64_t start_ns; /* when frame 0 was due; moves on with each xrun */
    uint64_t written;  /* frames since the beginning */
};

static bool dummy_close(struct audio *audio, bool is_complete,
                        struct failure *failure)
{
    struct dummy *dummy = audio->state;
    (void)is_complete;
    (void)failure;
    if (dummy->timer_fd >= 0) {
        (void)close(dummy->timer_fd);
    }
    audio_free_outputs(dummy->out);
    free(dummy);
    audio->state = NULL;
    return true;
}

/*
 * Frames that a wake-up may come late, in the worst case: room comes in whole
 * periods and is taken in whole blocks.
 */
static int64_t slack_frames(const struct dummy *dummy)
{
    uint64_t a = dummy->period;
    uint64_t b = dummy->need;
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return (int64_t)(dummy->buffer + a) -
           (int64_t)(dummy->period + dummy->need);
}

static bool dummy_open(struct audio *audio, struct failure *failure)
{
    const struct options *options = audio->options;
    struct dummy *dummy = calloc(1, sizeof(*dummy));
    if (dummy == NULL) {
        return failure_set_memory(failure);
    }
    audio->state = dummy;
    dummy->period = options->period_frames;
    dummy->buffer = (uint64_t)options->period_frames * options->periods;
    dummy->need = audio->patch->block_frames;
    dummy->out = audio_make_outputs(audio->patch);
    dummy->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    bool is_good =
        slack_frames(dummy) > 0 ||
        failure_set(failure, STATUS_HARDWARE,
                    "%u periods of %u frames leave no time for blocks of %u",
                    options->periods, options->period_frames,
                    (unsigned)dummy->need);
    if (is_good && dummy->timer_fd < 0) {
        is_good = failure_set_errno(failure, STATUS_INTERNAL,
                                    "cannot create a timer");
    }
    if (is_good && dummy->out == NULL) {
        is_good = failure_set_memory(failure);
    }
    return is_good || (dummy_close(audio, false, failure) && false);
}

static void dummy_describe(const struct audio *audio)
{
    const struct dummy *dummy = audio->state;
    double rate = audio->patch->sample_rate;
    message(PRIORITY_INFO, "device  none, the clock sets the pace");
    message(PRIORITY_INFO, "buffer  %u frames (%.1f ms), periods of %u",
            (unsigned)dummy->buffer, (double)dummy->buffer * 1e3 / rate,
            (unsigned)dummy->period);
}

/* When the device has played 'frame' frames. */
static uint64_t time_of(const struct audio *audio, uint64_t frame)
{
    const struct dummy *dummy = audio->state;
    uint64_t rate = audio->patch->sample_rate;
    /* In two parts: nanoseconds of many frames do not fit. */
    return dummy->start_ns + frame / rate * 1000000000U +
           frame % rate * 1000000000U / rate;
}

/* Wait until the device has played 'frame' frames, or until the end. */
static void wait_frame(struct audio *audio, uint64_t frame)
{
    const struct dummy *dummy = audio->state;
    uint64_t due_ns = time_of(audio, frame);
    struct pollfd fds[2] = {{.fd = dummy->timer_fd, .events = POLLIN},
                            {.fd = audio->stop_fd, .events = POLLIN}};
    const struct itimerspec time = {.it_value = {(time_t)(due_ns / 1000000000U),
                                                 (long)(due_ns % 1000000000U)}};
    (void)timerfd_settime(dummy->timer_fd, TFD_TIMER_ABSTIME, &time, NULL);
    while (stats_now_ns() < due_ns && !atomic_load(&audio->is_stopping)) {
        (void)poll(fds, 2, -1);
        uint64_t now_ns = stats_now_ns();
        stats_wakeup(audio->stats, now_ns > due_ns ? now_ns - due_ns : 0,
                     now_ns < due_ns);
    }
}

static bool process(struct audio *audio, size_t frames, bool is_heard)
{
    struct dummy *dummy = audio->state;
    const float *const *out = (const float *const *)dummy->out;
    uint64_t start_ns = stats_now_ns();
    if (!engine_process(audio->engine, NULL, dummy->out)) {
        return false;
    }
    stats_block(audio->stats, stats_now_ns() - start_ns, frames,
                audio->engine->is_general);
    for (unsigned k = 0; k < audio->patch->output_count; k++) {
        stats_output(audio->stats, k, out[k], frames);
    }
    if (is_heard) {
        record_block(audio->record, out, frames);
    }
    return true;
}

/* The buffer ran dry before it was filled again. False at the end. */
static bool recover(struct audio *audio, struct failure *failure)
{
    struct dummy *dummy = audio->state;
    uint64_t block = audio->patch->block_frames;
    uint64_t lost_ns = stats_now_ns() - time_of(audio, dummy->written);
    uint64_t most = audio->options->max_xruns;
    stats_xrun(audio->stats, lost_ns);
    dummy->start_ns += lost_ns;
    if (most > 0 && stats_get(&audio->stats->xruns) > most) {
        return failure_set(failure, STATUS_XRUNS, "more than %u xruns",
                           (unsigned)most);
    }
    if (audio->options->xrun_policy == XRUN_SKIP) {
        uint64_t lost = lost_ns / 1000U * audio->patch->sample_rate / 1000000U;
        for (; lost >= block; lost -= block) {
            if (!process(audio, (size_t)block, false)) {
                return false;
            }
        }
    }
    return true;
}

static bool dummy_run(struct audio *audio, struct failure *failure)
{
    struct dummy *dummy = audio->state;
    uint64_t limit = audio->options->frame_limit;
    uint64_t block = audio->patch->block_frames;
    bool is_started = false;
    if (!start_wait(audio)) {
        return true;
    }
    dummy->start_ns = stats_now_ns();
    while (audio->frames < limit && !atomic_load(&audio->is_stopping)) {
        uint64_t left = limit - audio->frames;
        size_t frames = (size_t)(left < block ? left : block);
        if (dummy->written + block > dummy->buffer) {
            if (!is_started) {
                is_started = true;
                dummy->start_ns = stats_now_ns();
            }
            /* Whole periods are played, then room is told. */
            uint64_t due = dummy->written + dummy->need - dummy->buffer;
            due = (due + dummy->period - 1) / dummy->period * dummy->period;
            wait_frame(audio, due);
            if (stats_now_ns() > time_of(audio, dummy->written) &&
                !recover(audio, failure)) {
                return failure->status == STATUS_OK;
            }
        }
        audio_set_time(audio, time_of(audio, dummy->written));
        if (!process(audio, frames, true)) {
            return true;
        }
        dummy->written += frames;
        audio->frames += frames;
    }
    dummy->start_ns = is_started ? dummy->start_ns : stats_now_ns();
    wait_frame(audio, dummy->written);
    return true;
}

const struct audio_backend audio_dummy = {
    .name = "dummy",
    .open = dummy_open,
    .describe = dummy_describe,
    .run = dummy_run,
    .close = dummy_close,
};
