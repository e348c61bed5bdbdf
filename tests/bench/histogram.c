/* SPDX-License-Identifier: MIT */
#include "histogram.h"

/* 64 bins to each power of two: the top six bits below the leading one. */
static size_t bin_of(uint32_t ns)
{
    unsigned shift = 0;
    while ((ns >> shift) >= 2 * HISTOGRAM_STEPS) {
        shift++;
    }
    return shift * HISTOGRAM_STEPS + (ns >> shift);
}

/* The greatest time of a bin. */
static double bin_end(size_t bin)
{
    if (bin < 2 * HISTOGRAM_STEPS) {
        return (double)bin;
    }
    size_t shift = bin / HISTOGRAM_STEPS - 1;
    uint64_t first = (uint64_t)(bin - shift * HISTOGRAM_STEPS) << shift;
    return (double)(first + (UINT64_C(1) << shift) - 1);
}

void histogram_add(struct histogram *histogram, const uint32_t *ns,
                   size_t count)
{
    for (size_t i = 0; i < count; i++) {
        histogram->bins[bin_of(ns[i])]++;
        histogram->most = ns[i] > histogram->most ? ns[i] : histogram->most;
    }
    histogram->count += count;
}

double histogram_quantile(const struct histogram *histogram, double share)
{
    double wanted = share * (double)histogram->count;
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BINS && histogram->count > 0; i++) {
        seen += histogram->bins[i];
        if ((double)seen >= wanted && seen > 0) {
            double end = bin_end(i);
            return end < histogram->most ? end : histogram->most;
        }
    }
    return 0;
}
