/* SPDX-License-Identifier: MIT */
#include "report/levels.h"

unsigned levels_channels(const struct levels *levels)
{
    return levels->channels < STATS_PEAKS_MAX ? levels->channels
                                              : (unsigned)STATS_PEAKS_MAX;
}

float levels_take(struct levels *levels, unsigned reader, unsigned channel)
{
    float peak = stats_take_peak(levels->stats, channel);
    for (unsigned i = 0; i < LEVELS_READERS_MAX; i++) {
        if (peak > levels->peaks[i][channel]) {
            levels->peaks[i][channel] = peak;
        }
    }
    peak = levels->peaks[reader][channel];
    levels->peaks[reader][channel] = 0.0F;
    return peak;
}
