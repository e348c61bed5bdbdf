/* SPDX-License-Identifier: MIT */
/* What the front waits for: descriptors, each with a function. The only
 * thread. */
#ifndef F4E_LOOP_H
#define F4E_LOOP_H

#include "common/failure.h"

#include <stdbool.h>
#include <stdint.h>

struct loop {
    int epoll_fd;
};

struct watcher {
    int fd;
    /* May close its own or another watcher. 'events' are of epoll(7). */
    void (*ready)(void *context, uint32_t events);
    void *context;
    uint32_t events; /* as last wanted */
};

F4E_MUST_CHECK bool loop_open(struct loop *loop, struct failure *failure);

/* From now on wait for these events; 0: for none. False: the kernel refuses. */
bool loop_watch(const struct loop *loop, struct watcher *watcher,
                uint32_t events);

/* Wait at most so long, and serve what is ready. */
void loop_run(const struct loop *loop, int wait_ms);

#endif
