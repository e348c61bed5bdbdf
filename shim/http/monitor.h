/* SPDX-License-Identifier: MIT */
/*
 * What a machine asks that watches over others: does it still sound, and the
 * counters. They come from the channel twice a second. The only thread.
 */
#ifndef F4E_MONITOR_H
#define F4E_MONITOR_H

#include "http/http.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    MONITOR_NUMBERS = 16,
    MONITOR_NUMBERS_OF_OSC = 4, /* the last ones of them */
};

struct monitor {
    /* Set by the caller. */
    const struct loop *loop;
    const struct link_config *config;
    int link;

    /* Its own. */
    struct wire wire;
    double numbers[MONITOR_NUMBERS]; /* as last told */
    unsigned told;                   /* how often */
    uint64_t advanced_ns;            /* when blocks did */
    uint64_t tried_ns;
};

/* Connect, when there is no connection. */
void monitor_tick(struct monitor *monitor, uint64_t now_ns);

/* Blocks are computed. */
bool monitor_is_playing(const struct monitor *monitor, uint64_t now_ns);

void monitor_health(struct exchange *exchange, const struct monitor *monitor);
/* In the text format of Prometheus. */
void monitor_metrics(struct exchange *exchange, const struct monitor *monitor);

#endif
