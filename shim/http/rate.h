/* SPDX-License-Identifier: MIT */
/* So many requests a second, after a burst of as many. Any thread, one at a
 * time. */
#ifndef F4E_RATE_H
#define F4E_RATE_H

#include <stdbool.h>
#include <stdint.h>

struct rate {
    unsigned per_second; /* set by the caller */
    uint64_t saved_ns;   /* time for requests; a second at most */
    uint64_t last_ns;
};

/* Ready for a burst. */
void rate_init(struct rate *rate, unsigned per_second, uint64_t now_ns);

/* False: one too many. */
bool rate_take(struct rate *rate, uint64_t now_ns);

#endif
