/* SPDX-License-Identifier: MIT */
#include "jack/jack_errand.h"

#include "common/thread.h"
#include "common/wakeup.h"
#include "rt/stats.h"

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

bool jack_errand_init(struct jack_errand *errand, struct failure *failure)
{
    atomic_init(&errand->is_busy, false);
    errand->done_fd = wakeup_open(failure);
    return errand->done_fd >= 0;
}

void jack_errand_deinit(struct jack_errand *errand)
{
    if (errand->done_fd >= 0) {
        (void)close(errand->done_fd);
        errand->done_fd = -1;
    }
}

static void *run(void *arg)
{
    struct jack_errand *errand = arg;
    const int done_fd = errand->done_fd;
    errand->function(errand->arg);
    /* Before it is back: then it may not be there any more. */
    wakeup_send(done_fd);
    atomic_store(&errand->is_busy, false);
    return NULL;
}

bool jack_errand_begin(struct jack_errand *errand, void (*function)(void *arg),
                       void *arg, struct failure *failure)
{
    pthread_t thread;
    errand->function = function;
    errand->arg = arg;
    wakeup_clear(errand->done_fd);
    atomic_store(&errand->is_busy, true);
    if (!thread_start(&thread, NULL, run, errand, failure)) {
        atomic_store(&errand->is_busy, false);
        return false;
    }
    (void)pthread_detach(thread);
    return true;
}

bool jack_errand_wait(struct jack_errand *errand, int stop_fd, int ms)
{
    const uint64_t end_ns = stats_now_ns() + (uint64_t)ms * 1000000U;
    struct pollfd fds[2] = {{.fd = errand->done_fd, .events = POLLIN},
                            {.fd = stop_fd, .events = POLLIN}};
    while (atomic_load(&errand->is_busy)) {
        const uint64_t now_ns = stats_now_ns();
        if (now_ns >= end_ns || fds[1].revents != 0) {
            return false;
        }
        (void)poll(fds, 2, (int)((end_ns - now_ns) / 1000000U) + 1);
    }
    return true;
}
