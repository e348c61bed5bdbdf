/* SPDX-License-Identifier: MIT */
/*
 * --watch: prints values at regular times, one line each:
 * "1.000 module:item 0.2". While the patch plays the control thread reads them,
 * at about that time; a render prints them exactly, before the events of the
 * block that contains the time.
 */
#ifndef F4E_WATCH_H
#define F4E_WATCH_H

#include "common/failure.h"
#include "control/names.h"
#include "f4e_patch.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct watch {
    const struct f4e_patch *patch;
    struct place *places;
    unsigned count; /* 0: nothing is watched */
    unsigned rate_hz;
    uint64_t ticks;      /* printed so far */
    FILE *file;          /* a failed write ends the watching: */
    int error;           /* why, an errno; set before ... */
    atomic_bool is_over; /* ... this, on whichever thread prints */
};

/*
 * 'names' are separated by commas: names, or shell patterns for all that
 * match. Fails with STATUS_USAGE.
 */
F4E_MUST_CHECK bool watch_open(struct watch *watch,
                               const struct f4e_patch *patch, const char *names,
                               unsigned rate_hz, FILE *file,
                               struct failure *failure);

/* Print the ticks that fall before the end of block 'block', not run yet. */
void watch_block(struct watch *watch, uint64_t block);

/*
 * Print one tick when it is due 'elapsed_ns' after the start; ticks that were
 * missed are left out. 'frames' have been computed.
 */
void watch_tick(struct watch *watch, uint64_t elapsed_ns, uint64_t frames);

/* How long until the next tick is due, at most 'most_ms'. */
int watch_wait_ms(const struct watch *watch, uint64_t elapsed_ns, int most_ms);

/* The code was exchanged: watch the same names of another patch, as far as it
 * has them. */
void watch_follow(struct watch *watch, const struct f4e_patch *patch,
                  const char *names);

/* Also for a watch that is zeroed. */
void watch_close(struct watch *watch);

#endif
