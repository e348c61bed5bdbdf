/* SPDX-License-Identifier: MIT */
/* The loops over samples, compiled for speed like all of this room. */
#include "rt/stats.h"

void stats_output(struct stats *stats, unsigned channel, const float *samples,
                  size_t frames)
{
    /* Without their sign, floats are ordered as their bits are. */
    const uint32_t one = 0x3f800000U;
    const uint32_t infinity = 0x7f800000U;
    uint32_t peak = 0;
    uint32_t clips = 0;
    uint32_t wild = 0;
    for (size_t i = 0; i < frames; i++) {
        uint32_t bits;
        memcpy(&bits, &samples[i], sizeof(bits));
        bits &= 0x7fffffffU;
        uint32_t is_wild = bits >= infinity;
        wild += is_wild;
        clips += (bits > one) - is_wild;
        bits = is_wild != 0 ? 0 : bits;
        peak = bits > peak ? bits : peak;
    }
    stats_add(&stats->clips, clips);
    stats_add(&stats->non_finite, wild);
    if (channel < STATS_PEAKS_MAX) {
        _Atomic uint32_t *slot = &stats->peaks[channel];
        uint32_t before = atomic_load_explicit(slot, memory_order_relaxed);
        /* Fails only when the reader took it just now: once. */
        while (peak > before && !atomic_compare_exchange_strong_explicit(
                                    slot, &before, peak, memory_order_relaxed,
                                    memory_order_relaxed)) {
        }
    }
}

void stats_input(struct stats *stats, const float *samples, size_t frames)
{
    uint32_t clips = 0;
    for (size_t i = 0; i < frames; i++) {
        clips += samples[i] >= 1.0F || samples[i] <= -1.0F;
    }
    stats_add(&stats->clips_in, clips);
}
