/* SPDX-License-Identifier: MIT */
#include "wire/loop.h"

#include <sys/epoll.h>

enum { SERVED_MAX = 64 };

bool loop_open(struct loop *loop, struct failure *failure)
{
    loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    return loop->epoll_fd >= 0 ||
           failure_set_errno(failure, STATUS_INTERNAL, "cannot wait");
}

bool loop_watch(const struct loop *loop, struct watcher *watcher,
                uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = watcher};
    if (events == watcher->events) {
        return true;
    }
    int operation = watcher->events == 0 ? EPOLL_CTL_ADD
                    : events == 0        ? EPOLL_CTL_DEL
                                         : EPOLL_CTL_MOD;
    if (epoll_ctl(loop->epoll_fd, operation, watcher->fd, &event) != 0) {
        return false;
    }
    watcher->events = events;
    return true;
}

/* One event at a time: its function may close others' watchers. */
void loop_run(const struct loop *loop, int wait_ms)
{
    struct epoll_event event;
    for (int i = 0; i < SERVED_MAX; i++) {
        if (epoll_wait(loop->epoll_fd, &event, 1, i == 0 ? wait_ms : 0) <= 0) {
            return;
        }
        const struct watcher *watcher = event.data.ptr;
        watcher->ready(watcher->context, event.events);
    }
}
