/* SPDX-License-Identifier: MIT */
/*
 * When frames are heard. The audio thread says it of each block; what it knows
 * has the jitter of its wake-ups, which this takes out. Other threads read the
 * last block's.
 */
#ifndef F4E_FRAME_CLOCK_H
#define F4E_FRAME_CLOCK_H

#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    FRAME_CLOCK_SHARE = 32,        /* of an error is taken over in one block */
    FRAME_CLOCK_JUMP_NS = 8000000, /* more is no jitter: time was lost */
};

/* Zeroed: nothing is known. */
struct frame_clock {
    uint64_t due_ns; /* the audio thread's: of the block that comes; 0: not
                        known */
    uint64_t frame;  /* of which block that is */

    /* For other threads; an odd number while they are written. */
    _Atomic uint32_t sequence;
    _Atomic uint64_t told_ns;
    _Atomic uint64_t told_frame;
};

/* Audio thread: the block that begins with 'frame' is heard at 'ns'
 * (CLOCK_MONOTONIC), exactly. */
F4E_REALTIME static inline void frame_clock_set(struct frame_clock *clock,
                                                uint64_t frame, uint64_t ns)
{
    uint32_t sequence =
        atomic_load_explicit(&clock->sequence, memory_order_relaxed);
    clock->due_ns = ns;
    clock->frame = frame;
    atomic_store(&clock->sequence, sequence + 1);
    atomic_store(&clock->told_ns, ns);
    atomic_store(&clock->told_frame, frame);
    atomic_store(&clock->sequence, sequence + 2);
}

/* The same, as far as can be told at a wake-up. */
F4E_REALTIME static inline void frame_clock_tell(struct frame_clock *clock,
                                                 uint64_t frame,
                                                 uint64_t measured_ns,
                                                 uint32_t rate_hz)
{
    uint64_t frames = frame - clock->frame;
    uint64_t expected_ns = clock->due_ns + frames * 1000000000U / rate_hz;
    int64_t error_ns = (int64_t)(measured_ns - expected_ns);
    bool is_new = clock->due_ns == 0 || frame < clock->frame ||
                  frames > rate_hz || error_ns > FRAME_CLOCK_JUMP_NS ||
                  error_ns < -FRAME_CLOCK_JUMP_NS;
    frame_clock_set(clock, frame,
                    is_new ? measured_ns
                           : expected_ns +
                                 (uint64_t)(error_ns / FRAME_CLOCK_SHARE));
}

/* Any thread: the frame that is heard at 'ns', or false: not known yet. */
static inline bool frame_clock_frame(struct frame_clock *clock, uint64_t ns,
                                     uint32_t rate_hz, uint64_t *frame)
{
    uint32_t sequence;
    uint64_t told_ns;
    uint64_t told_frame;
    do {
        sequence = atomic_load(&clock->sequence);
        told_ns = atomic_load(&clock->told_ns);
        told_frame = atomic_load(&clock->told_frame);
    } while ((sequence & 1) != 0 || sequence != atomic_load(&clock->sequence));
    if (sequence == 0) {
        return false;
    }
    /* Seconds lie between them at most: a double has the frame exactly. */
    double offset = ((double)ns - (double)told_ns) * rate_hz / 1e9;
    double at = (double)told_frame + offset;
    *frame = at > 0.0 ? (uint64_t)at : 0;
    return true;
}

#endif
