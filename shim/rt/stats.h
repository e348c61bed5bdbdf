/* SPDX-License-Identifier: MIT */
/*
 * Counters of the audio thread, which alone writes them, with relaxed atomics.
 * Any thread may read at any time; counters may differ by a block among each
 * other. Storage is the caller's, zeroed before use.
 */
#ifndef F4E_STATS_H
#define F4E_STATS_H

#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum {
    STATS_FIRST_OCTAVE = 8, /* 256 ns: shorter times share bin 0 */
    STATS_LAST_OCTAVE = 30, /* 1.07 s: longer times share the last bin */
    STATS_STEP_BITS = 5,    /* an octave's bins are numbered by so many */
    STATS_STEPS = 1 << STATS_STEP_BITS,
    STATS_BINS = (STATS_LAST_OCTAVE - STATS_FIRST_OCTAVE) * STATS_STEPS + 2,
    STATS_PEAKS_MAX = 32, /* output channels whose level is kept */
};

/* Durations. A bin's edges are at most 3.2 % apart, so that two percentiles
 * can be compared to a tenth; 5.6 KB, of which blocks that take about the same
 * time touch a few cache lines. */
struct stats_times {
    _Atomic uint64_t count;
    _Atomic uint64_t sum_ns;
    _Atomic uint64_t max_ns;
    _Atomic uint64_t bins[STATS_BINS];
};

struct stats {
    _Atomic uint64_t blocks;
    _Atomic uint64_t frames; /* delivered */
    _Atomic uint64_t xruns;
    _Atomic uint64_t lost_ns; /* in xruns, altogether */
    _Atomic uint64_t suspends;
    _Atomic uint64_t losses;   /* of a device that is waited for */
    _Atomic uint64_t reopened; /* times it came back */
    _Atomic uint64_t period;   /* frames that a server moves at a time; 0: it is
                                * not known, or there is none */
    _Atomic uint64_t wakeups;
    _Atomic uint64_t spurious;   /* of these: with nothing to do */
    _Atomic uint64_t non_finite; /* samples that were not, output */
    _Atomic uint64_t clips;      /* samples beyond +-1, output */
    _Atomic uint64_t clips_in;   /* samples at or beyond full scale, input */
    struct stats_times block;    /* how long each block took to compute */
    _Atomic uint64_t general_ns; /* of that: in code without proofs */
    struct stats_times late;     /* each wake-up after the time it was due */
    _Atomic uint32_t peaks[STATS_PEAKS_MAX]; /* |sample| as float bits */
};

/* CLOCK_MONOTONIC; the vDSO answers, without a system call. */
static inline uint64_t stats_now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

/* There is one writer: no read-modify-write cycle is needed. */
F4E_REALTIME static inline void stats_add(_Atomic uint64_t *counter, uint64_t n)
{
    atomic_store_explicit(
        counter, atomic_load_explicit(counter, memory_order_relaxed) + n,
        memory_order_relaxed);
}

static inline uint64_t stats_get(const _Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

/* The bin of a duration. */
F4E_REALTIME static inline unsigned stats_bin(uint64_t ns)
{
    if (ns < (UINT64_C(1) << STATS_FIRST_OCTAVE)) {
        return 0;
    }
    unsigned octave = 63U - (unsigned)__builtin_clzll(ns);
    if (octave >= STATS_LAST_OCTAVE) {
        return STATS_BINS - 1;
    }
    return 1 + (octave - STATS_FIRST_OCTAVE) * STATS_STEPS +
           (unsigned)((ns >> (octave - STATS_STEP_BITS)) & (STATS_STEPS - 1));
}

F4E_REALTIME static inline void stats_time(struct stats_times *times,
                                           uint64_t ns)
{
    _Atomic uint64_t *bin = &times->bins[stats_bin(ns)];
    atomic_store_explicit(bin,
                          atomic_load_explicit(bin, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    stats_add(&times->count, 1);
    stats_add(&times->sum_ns, ns);
    if (ns > stats_get(&times->max_ns)) {
        atomic_store_explicit(&times->max_ns, ns, memory_order_relaxed);
    }
}

/* A block was computed in 'ns', by the general code where there is a faster
 * one ('is_general'), and 'frames' of it count as delivered. */
F4E_REALTIME static inline void stats_block(struct stats *stats, uint64_t ns,
                                            size_t frames, bool is_general)
{
    stats_time(&stats->block, ns);
    stats_add(&stats->general_ns, is_general ? ns : 0);
    stats_add(&stats->blocks, 1);
    stats_add(&stats->frames, frames);
}

/* Woken 'late_ns' after the time due; 0 when that is not known. */
F4E_REALTIME static inline void stats_wakeup(struct stats *stats,
                                             uint64_t late_ns, bool is_spurious)
{
    stats_add(&stats->wakeups, 1);
    stats_add(&stats->spurious, is_spurious);
    if (late_ns > 0) {
        stats_time(&stats->late, late_ns);
    }
}

F4E_REALTIME static inline void stats_xrun(struct stats *stats,
                                           uint64_t lost_ns)
{
    stats_add(&stats->xruns, 1);
    stats_add(&stats->lost_ns, lost_ns);
}

/*
 * Count peak, clips and non-finite samples of one output channel of a block,
 * before it is converted. Nothing else counts them.
 */
F4E_REALTIME void stats_output(struct stats *stats, unsigned channel,
                               const float *samples, size_t frames);

/* Count samples at or beyond full scale of one input channel of a block. */
F4E_REALTIME void stats_input(struct stats *stats, const float *samples,
                              size_t frames);

/* Reader: the peak of an output channel since the last call. */
static inline float stats_take_peak(struct stats *stats, unsigned channel)
{
    uint32_t bits = atomic_exchange_explicit(&stats->peaks[channel], 0,
                                             memory_order_relaxed);
    float peak;
    memcpy(&peak, &bits, sizeof(peak));
    return peak;
}

#endif
