/* SPDX-License-Identifier: MIT */
#include "audio/start.h"

#include "message/message.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { STEP_MS = 100 };

int64_t start_left_ns(const struct options *options)
{
    struct timespec now;
    if (options->start_at_ns == 0) {
        return 0;
    }
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return options->start_at_ns -
           ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
}

int64_t start_left_frames(const struct options *options, uint32_t rate)
{
    const int64_t second = 1000000000;
    const int64_t left = start_left_ns(options);
    const int64_t rest = left % second * rate;
    return left / second * rate +
           (rest > 0 ? (rest + second - 1) / second : rest / second);
}

void start_describe(const struct options *options)
{
    if (options->start_at_ns != 0) {
        message(PRIORITY_INFO, "start   at %s, %sin %.3f s",
                options->start_text,
                options->is_start_local ? "this machine's zone, " : "",
                (double)start_left_ns(options) * 1e-9);
    }
}

bool start_wait(const struct audio *audio)
{
    const int64_t at = audio->options->start_at_ns;
    const struct itimerspec time = {
        .it_value = {(time_t)(at / 1000000000), (long)(at % 1000000000)}};
    if (start_left_ns(audio->options) <= 0) {
        return true;
    }
    /* Without a timer in steps: later by less than that. */
    int timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
    struct pollfd fds[2] = {{.fd = audio->stop_fd, .events = POLLIN},
                            {.fd = timer, .events = POLLIN}};
    if (timer >= 0) {
        (void)timerfd_settime(timer, TFD_TIMER_ABSTIME, &time, NULL);
    }
    while (start_left_ns(audio->options) > 0 &&
           !atomic_load(&audio->is_stopping)) {
        (void)poll(fds, 2, STEP_MS);
    }
    if (timer >= 0) {
        (void)close(timer);
    }
    return !atomic_load(&audio->is_stopping);
}
