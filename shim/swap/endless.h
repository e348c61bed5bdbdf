/* SPDX-License-Identifier: MIT */
/*
 * Code that does not end: a block that computes for ever, an initDefaults that
 * does. It is told from outside, by a signal, and gives up as if it had
 * trapped.
 */
#ifndef F4E_SWAP_ENDLESS_H
#define F4E_SWAP_ENDLESS_H

#include "rt/engine.h"
#include "rt/trap.h"

#include <stdbool.h>
#include <stdint.h>

/* Zeroed: nothing was seen. */
struct endless {
    unsigned sequence;  /* of the snapshot: odd inside a block */
    uint64_t seen_ns;   /* when it was looked at last */
    uint64_t inside_ns; /* how long we have seen it there */
};

/* Control thread, before others start. */
void endless_install(void);

/* Control thread, a few times a second: has one block not ended in two seconds?
 * Time in which all of the process stood still does not count. */
bool endless_watch(struct endless *endless, const struct engine *engine,
                   uint64_t now_ns);

/* Control thread: give up what runs in either version, on whatever thread;
 * NULL: none. Both stay loaded until endless_disarm(). */
void endless_interrupt(f4e_interrupt_function *one,
                       f4e_interrupt_function *other);

void endless_disarm(void);

#endif
