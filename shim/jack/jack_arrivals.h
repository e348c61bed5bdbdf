/* SPDX-License-Identifier: MIT */
/*
 * Ports that come while the patch plays. They are connected as they would have
 * been at the start; those that were there already are left as they are, for
 * somebody may have parted them by hand.
 */
#ifndef F4E_JACK_ARRIVALS_H
#define F4E_JACK_ARRIVALS_H

#include "jack/jack_names.h"
#include "jack/libjack.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    JACK_ARRIVALS_MAX = 256, /* not looked at yet; a power of two */
    JACK_ARRIVALS_NAMES = 64,
};

/* Zeroed: none. */
struct jack_arrivals {
    _Atomic uint32_t ids[JACK_ARRIVALS_MAX];
    atomic_size_t head;   /* ever come: the library's thread */
    atomic_size_t tail;   /* ever taken */
    atomic_bool has_more; /* there was no room for one */

    /* Of whoever connects: which ports count. */
    char names[JACK_ARRIVALS_NAMES][JACK_NAME_BYTES];
    unsigned count;
    bool are_all; /* every port that there is */
};

/* The library's thread: a port has come. */
void jack_arrivals_add(struct jack_arrivals *arrivals, uint32_t port);

/* From now on those count that have come since it was called last. */
void jack_arrivals_take(struct jack_arrivals *arrivals,
                        const struct libjack *lib,
                        struct libjack_client *client);

/* From now on every port counts, and none has come. */
void jack_arrivals_take_all(struct jack_arrivals *arrivals);

/* Whether this port counts. */
bool jack_arrivals_have(const struct jack_arrivals *arrivals, const char *port);

#endif
