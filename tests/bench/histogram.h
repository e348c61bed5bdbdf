/* SPDX-License-Identifier: MIT */
/* Counts of times in ns, in bins 1.6 % wide, of any number of blocks. */
#ifndef F4E_HISTOGRAM_H
#define F4E_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>

enum { HISTOGRAM_STEPS = 64, HISTOGRAM_BINS = 33 * HISTOGRAM_STEPS };

struct histogram {
    uint64_t count;
    uint32_t most; /* ns, exactly */
    uint64_t bins[HISTOGRAM_BINS];
};

void histogram_add(struct histogram *histogram, const uint32_t *ns,
                   size_t count);

/* The least time, to a bin, that this share of the blocks does not exceed: 0.5
 * is the median, 1 the longest of all. 0 without blocks. */
double histogram_quantile(const struct histogram *histogram, double share);

#endif
