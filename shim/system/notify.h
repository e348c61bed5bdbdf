/* SPDX-License-Identifier: MIT */
/*
 * Messages to the service manager as sd_notify(3) sends them, without
 * libsystemd: ready, watchdog, stopping. Without NOTIFY_SOCKET these functions
 * do nothing. Control thread.
 */
#ifndef F4E_NOTIFY_H
#define F4E_NOTIFY_H

#include "rt/stats.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct notify {
    int fd; /* a datagram socket; -1: no service manager */
    struct sockaddr_un address;
    socklen_t length;
    uint64_t watchdog_ns; /* interval of WATCHDOG=1; 0: none */
    uint64_t fed_ns;      /* when the last one was sent */
    uint64_t blocks;      /* computed at the last tick */
    bool is_service; /* a service manager has started this process itself */
    bool has_sent_ready;
    bool is_early;   /* the caller's: --start-at has not come yet */
    bool is_waiting; /* for a lost device, as last sent */
};

/*
 * Read NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, and take them out of the
 * environment. A socket that cannot be used is ignored. SYSTEMD_EXEC_PID tells
 * of a service that is not asked for messages; children inherit it, and are
 * none.
 */
void notify_open(struct notify *notify);

/* How long until notify_tick() is due at the latest, in ms; at most 'most'. */
int notify_interval_ms(const struct notify *notify, int most);

/*
 * Send READY=1 once the first block is computed, or while is_early. Afterwards
 * send WATCHDOG=1 in time, but only if blocks were computed since the last tick
 * or the audio thread waits for a lost device (--wait-device): a hanging audio
 * thread triggers the watchdog.
 */
void notify_tick(struct notify *notify, const struct stats *stats,
                 uint64_t now_ns);

/* Send STOPPING=1 and close. Does nothing when it is closed. */
void notify_close(struct notify *notify);

#endif
