/* SPDX-License-Identifier: MIT */
/*
 * What happens when a patch runs, to compare the lines of a certificate
 * (ranges/certificate_format.h) with: addresses and values at each site, and
 * the words of memory 0 between calls.
 */
#ifndef F4E_TEST_OBSERVE_H
#define F4E_TEST_OBSERVE_H

#include "ranges/analysis/analysis.h"

enum { OBSERVE_MOST = 4096 }; /* sites, and words */

/* All numbers observed in one place. */
struct observed {
    bool is_seen;
    int32_t lo;
    int32_t hi;
    uint32_t ones;  /* bits set in each of them */
    uint32_t zeros; /* bits clear in each of them */
};

struct observation {
    struct observed addresses[OBSERVE_MOST];
    struct observed values[OBSERVE_MOST];
    struct observed words[OBSERVE_MOST];
    uint32_t range_function;
};

/* Run initDefaults and 'blocks' of the block function of a patch that has both;
 * 'analysis' is of it. False, with 'diag', when that cannot be done. */
bool observe_patch(struct observation *observation,
                   const struct analysis *analysis, const struct patch *patch,
                   unsigned blocks, struct arena *arena, struct diag *diag);

/* Whether a run contradicts a well-formed line of a certificate. */
bool observe_denies(const struct observation *observation, const char *line);

#endif
