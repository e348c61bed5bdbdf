/* SPDX-License-Identifier: MIT */
/*
 * What a service manager hears (sd_notify(3), without libsystemd): that the
 * patch plays, that it still does, and that it is about to end. Nobody listens
 * unless NOTIFY_SOCKET is set; then none of this does anything. Control thread.
 */
#ifndef F4E_NOTIFY_H
#define F4E_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "rt/stats.h"

struct notify {
    int fd; /* a datagram socket, or -1: nobody listens */
    struct sockaddr_un address;
    socklen_t length;
    uint64_t watchdog_ns; /* a sign of life is due this often; 0: never */
    uint64_t fed_ns;      /* when the last one was sent */
    uint64_t blocks;      /* computed until the last tick */
    bool has_told_ready;
    bool is_waiting; /* for a lost device, as last told */
};

/*
 * Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and take them out of the
 * environment. A socket that cannot be used is as none.
 */
void notify_open(struct notify *notify);

/* How long until notify_tick() is due at the latest, in ms; at most 'most'. */
int notify_interval_ms(const struct notify *notify, int most);

/*
 * READY=1 once the first block is computed. From then on WATCHDOG=1 in time,
 * but only when blocks have been computed since the last tick: an audio thread
 * that hangs lets the watchdog bite. Waiting for a lost device, which only
 * --wait-device does, is no hanging.
 */
void notify_tick(struct notify *notify, const struct stats *stats,
                 uint64_t now_ns);

/* STOPPING=1, and close. Harmless when it is closed. */
void notify_close(struct notify *notify);

#endif
