/* SPDX-License-Identifier: MIT */
/*
 * Calls of libjack that ask the server something. One that stands still lets
 * them hang for ever, so they run on a thread of their own, and who has sent it
 * waits as long as it likes. One at a time.
 */
#ifndef F4E_JACK_ERRAND_H
#define F4E_JACK_ERRAND_H

#include "common/failure.h"

#include <stdatomic.h>
#include <stdbool.h>

/* A server that answers nothing, and computes no period, for so long counts as
 * gone. In jack_patience.c. */
extern const unsigned jack_patience_ms;

/*
 * Whatever 'function' touches belongs to that thread while the errand is busy,
 * the errand itself included: an owner that does not wait any longer must not
 * free it.
 */
struct jack_errand {
    void (*function)(void *arg);
    void *arg;
    int done_fd; /* of wakeup_open(): it has returned */
    atomic_bool is_busy;
};

F4E_MUST_CHECK bool jack_errand_init(struct jack_errand *errand,
                                     struct failure *failure);

/* Not while it is busy. */
void jack_errand_deinit(struct jack_errand *errand);

/* Call the function. Not while it is busy. STATUS_INTERNAL. */
F4E_MUST_CHECK bool jack_errand_begin(struct jack_errand *errand,
                                      void (*function)(void *arg), void *arg,
                                      struct failure *failure);

/*
 * Wait until it is back, so many ms at most, or until 'stop_fd' is readable
 * (-1: none). True when it is, or was not sent.
 */
bool jack_errand_wait(struct jack_errand *errand, int stop_fd, int ms);

#endif
