/* SPDX-License-Identifier: MIT */
/*
 * A lock-free queue of frames of floats from the audio thread to one reader. A
 * write is all or nothing.
 */
#ifndef F4E_RING_H
#define F4E_RING_H

#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
    float *samples;     /* interleaved; the caller's storage */
    size_t frames;      /* that it holds, a power of two */
    unsigned channels;  /* > 0 */
    atomic_size_t head; /* frames ever written; only the writer stores it */
    atomic_size_t tail; /* frames ever read; only the reader stores it */
};

/* Writer only. False, with nothing written, when 'frames' do not fit. */
F4E_REALTIME static inline bool
ring_write(struct ring *ring, const float *const *planar, size_t frames)
{
    size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_acquire);
    if (frames > ring->frames - (head - tail)) {
        return false;
    }
    for (size_t i = 0; i < frames; i++) {
        float *at =
            ring->samples + ((head + i) & (ring->frames - 1)) * ring->channels;
        for (unsigned k = 0; k < ring->channels; k++) {
            at[k] = planar[k][i];
        }
    }
    atomic_store_explicit(&ring->head, head + frames, memory_order_release);
    return true;
}

/* Writer only. Whether ring_write() would succeed. */
static inline bool ring_has_room(const struct ring *ring, size_t frames)
{
    return frames <=
           ring->frames -
               (atomic_load_explicit(&ring->head, memory_order_relaxed) -
                atomic_load_explicit(&ring->tail, memory_order_acquire));
}

/* Reader only. */
static inline bool ring_is_empty(const struct ring *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_acquire) ==
           atomic_load_explicit(&ring->tail, memory_order_relaxed);
}

/*
 * Reader only. Up to 'most' frames into one array per channel; returns how
 * many there were.
 */
static inline size_t ring_read(struct ring *ring, float *const *planar,
                               size_t most)
{
    size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    size_t head = atomic_load_explicit(&ring->head, memory_order_acquire);
    size_t frames = head - tail < most ? head - tail : most;
    for (size_t i = 0; i < frames; i++) {
        const float *at =
            ring->samples + ((tail + i) & (ring->frames - 1)) * ring->channels;
        for (unsigned k = 0; k < ring->channels; k++) {
            planar[k][i] = at[k];
        }
    }
    atomic_store_explicit(&ring->tail, tail + frames, memory_order_release);
    return frames;
}

#endif
