/* SPDX-License-Identifier: MIT */
#include "http/rate.h"

static const uint64_t SECOND_NS = UINT64_C(1000000000);

void rate_init(struct rate *rate, unsigned per_second, uint64_t now_ns)
{
    *rate = (struct rate){per_second, SECOND_NS, now_ns};
}

bool rate_take(struct rate *rate, uint64_t now_ns)
{
    uint64_t cost_ns = SECOND_NS / rate->per_second;
    uint64_t passed_ns = now_ns - rate->last_ns;
    rate->last_ns = now_ns;
    rate->saved_ns = passed_ns < SECOND_NS - rate->saved_ns
                         ? rate->saved_ns + passed_ns
                         : SECOND_NS;
    if (rate->saved_ns < cost_ns) {
        return false;
    }
    rate->saved_ns -= cost_ns;
    return true;
}
