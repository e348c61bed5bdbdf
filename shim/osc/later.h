/* SPDX-License-Identifier: MIT */
/* Bundles that are due later, in the order of their times. The only thread. */
#ifndef F4E_LATER_H
#define F4E_LATER_H

#include "common/failure.h"
#include "osc/packet.h"
#include "osc/peer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LATER_MAX = 256,
    LATER_BYTES_MAX = 1 << 20, /* of all of them */
    LATER_SECONDS_MAX = 60,    /* ahead; the clocks differ else */
};

struct later_bundle {
    uint64_t due_ns; /* of stats_now_ns() */
    struct peer from;
    uint8_t *bytes;
    size_t size;
};

struct later {
    struct later_bundle bundles[LATER_MAX];
    unsigned count;
    size_t bytes;
};

/* How long from the present until such a time: negative, if it is over. */
int64_t later_left_ns(uint64_t time);

/* Keep a copy; bundles of the same time stay in order. False: no room. */
F4E_MUST_CHECK bool later_add(struct later *later,
                              const struct packet_part *bundle,
                              const struct peer *from, uint64_t due_ns);

/* The first one, if it is due; free() its bytes. */
bool later_take(struct later *later, uint64_t now_ns,
                struct later_bundle *bundle);

#endif
