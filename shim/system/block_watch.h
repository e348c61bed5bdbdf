/* SPDX-License-Identifier: MIT */
/* Does the block end that the audio thread computes? Control thread. */
#ifndef F4E_BLOCK_WATCH_H
#define F4E_BLOCK_WATCH_H

#include "rt/engine.h"

#include <stdbool.h>
#include <stdint.h>

enum { BLOCK_WATCH_MS = 250 }; /* from one look to the next, at most */

/* Zeroed: nothing was seen. */
struct block_watch {
    unsigned sequence;  /* of the snapshot: odd inside a block */
    uint64_t seen_ns;   /* when it was looked at last */
    uint64_t inside_ns; /* how long we have seen it there */
};

/* A look: has one block not ended in two seconds? Time in which all of the
 * process stood still does not count. */
bool block_watch_is_endless(struct block_watch *watch,
                            const struct engine *engine, uint64_t now_ns);

#endif
