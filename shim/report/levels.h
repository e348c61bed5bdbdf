/* SPDX-License-Identifier: MIT */
/*
 * The peaks of the outputs for several readers: stats_take_peak() gives each
 * peak to one caller only. Control thread; storage is the caller's, zeroed.
 */
#ifndef F4E_LEVELS_H
#define F4E_LEVELS_H

#include "rt/stats.h"

enum { LEVELS_READERS_MAX = 72 };

struct levels {
    struct stats *stats; /* set by the caller */
    unsigned channels;   /* likewise; at most STATS_PEAKS_MAX count */

    float peaks[LEVELS_READERS_MAX][STATS_PEAKS_MAX];
};

/* The channels whose peaks are kept. */
unsigned levels_channels(const struct levels *levels);

/* The peak of a channel since this reader's last call. */
float levels_take(struct levels *levels, unsigned reader, unsigned channel);

#endif
