/* SPDX-License-Identifier: MIT */
/*
 * Declared in audio/audio.h. Patches without audio: one block, which is one
 * call of `main`, every tick_ms milliseconds. As in a browser a tick that comes
 * too late is not made up for; the grid stays.
 */
#include "audio/audio.h"

#include "audio/start.h"
#include "message/message.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct timer {
    float **out;
    int fd;
    uint64_t tick_ns;
    uint64_t due_ns;
};

static bool timer_close(struct audio *audio, bool is_complete,
                        struct failure *failure)
{
    struct timer *timer = audio->state;
    (void)is_complete;
    (void)failure;
    if (timer->fd >= 0) {
        (void)close(timer->fd);
    }
    audio_free_outputs(timer->out);
    free(timer);
    audio->state = NULL;
    return true;
}

static bool timer_open(struct audio *audio, struct failure *failure)
{
    struct timer *timer = calloc(1, sizeof(*timer));
    if (timer == NULL) {
        return failure_set_memory(failure);
    }
    audio->state = timer;
    timer->tick_ns = (uint64_t)audio->patch->tick_ms * 1000000U;
    timer->out = audio_make_outputs(audio->patch);
    timer->fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    bool is_good = timer->fd >= 0 || failure_set_errno(failure, STATUS_INTERNAL,
                                                       "cannot create a timer");
    if (is_good && timer->out == NULL) {
        is_good = failure_set_memory(failure);
    }
    return is_good || (timer_close(audio, false, failure) && false);
}

static void timer_describe(const struct audio *audio)
{
    message(PRIORITY_INFO, "timer   main every %u ms, no audio",
            audio->patch->tick_ms);
}

/* Wait until the next tick is due, or until the end. */
static void wait_tick(struct audio *audio)
{
    const struct timer *timer = audio->state;
    struct pollfd fds[2] = {{.fd = timer->fd, .events = POLLIN},
                            {.fd = audio->stop_fd, .events = POLLIN}};
    const struct itimerspec time = {
        .it_value = {(time_t)(timer->due_ns / 1000000000U),
                     (long)(timer->due_ns % 1000000000U)}};
    (void)timerfd_settime(timer->fd, TFD_TIMER_ABSTIME, &time, NULL);
    while (stats_now_ns() < timer->due_ns &&
           !atomic_load(&audio->is_stopping)) {
        (void)poll(fds, 2, -1);
        uint64_t now_ns = stats_now_ns();
        stats_wakeup(audio->stats,
                     now_ns > timer->due_ns ? now_ns - timer->due_ns : 0,
                     now_ns < timer->due_ns);
    }
}

/* Ticks whose time has passed are left out. False after too many. */
static bool skip_missed(struct audio *audio, struct failure *failure)
{
    struct timer *timer = audio->state;
    uint64_t now_ns = stats_now_ns();
    uint64_t most = audio->options->max_xruns;
    if (now_ns < timer->due_ns + timer->tick_ns) {
        return true;
    }
    uint64_t missed = (now_ns - timer->due_ns) / timer->tick_ns;
    timer->due_ns += missed * timer->tick_ns;
    stats_xrun(audio->stats, missed * timer->tick_ns);
    return most == 0 || stats_get(&audio->stats->xruns) <= most ||
           failure_set(failure, STATUS_XRUNS, "more than %u xruns",
                       (unsigned)most);
}

static bool timer_run(struct audio *audio, struct failure *failure)
{
    struct timer *timer = audio->state;
    uint64_t limit = audio->options->frame_limit;
    if (!start_wait(audio)) {
        return true;
    }
    timer->due_ns = stats_now_ns();
    while (audio->frames < limit) {
        timer->due_ns += timer->tick_ns;
        if (!skip_missed(audio, failure)) {
            return false;
        }
        wait_tick(audio);
        if (atomic_load(&audio->is_stopping)) {
            break;
        }
        audio_set_time(audio, timer->due_ns);
        uint64_t start_ns = stats_now_ns();
        if (!engine_process(audio->engine, NULL, timer->out)) {
            break;
        }
        stats_block(audio->stats, stats_now_ns() - start_ns, 1,
                    audio->engine->is_general);
        audio->frames++;
    }
    return true;
}

const struct audio_backend audio_timer = {
    .name = "timer",
    .open = timer_open,
    .describe = timer_describe,
    .run = timer_run,
    .close = timer_close,
};
