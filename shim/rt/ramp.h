/* SPDX-License-Identifier: MIT */
/*
 * Values that move to another one in a straight line, a step a block. Of n
 * blocks the k-th, from 1, holds from + (to - from) * (k / n), computed in
 * doubles and rounded to the element's type once: integers to the nearest, ties
 * away from zero. The last block holds the end value's very bytes. Owned by the
 * audio thread, all but the counter.
 */
#ifndef F4E_RAMP_H
#define F4E_RAMP_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { RAMPS_MAX = 256, RAMP_BYTES_MAX = 8 };

/* One element on its way. */
struct ramp {
    uint32_t memory;  /* index */
    uint32_t address; /* bytes */
    enum f4e_element element;
    uint32_t size;   /* bytes */
    uint32_t done;   /* blocks */
    uint32_t blocks; /* > 0 */
    double from;
    double to;
    uint8_t target[RAMP_BYTES_MAX];
};

/* Zeroed: nothing moves. */
struct ramps {
    struct ramp all[RAMPS_MAX];
    unsigned count;
    /* Values that took their end at once because so many were moving. */
    _Atomic uint64_t refused;
};

/* Bytes of an element of this type. */
F4E_REALTIME uint32_t ramp_element_bytes(enum f4e_element element);

/*
 * Let the element move from the bytes 'now' to 'target'. False when the caller
 * has to write 'target' at once: too many move already, which is counted, or
 * there is no way to it, as from or to infinity.
 */
F4E_REALTIME bool ramps_add(struct ramps *ramps, const struct ramp *place,
                            const uint8_t *now, const uint8_t *target);

/* Whatever moves in these bytes stays where it is. */
F4E_REALTIME void ramps_end(struct ramps *ramps, uint32_t memory,
                            uint32_t address, uint32_t size);

/* The bytes of the next block. True with the last ones. */
F4E_REALTIME bool ramp_step(struct ramp *ramp, uint8_t bytes[RAMP_BYTES_MAX]);

#endif
