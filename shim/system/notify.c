/* SPDX-License-Identifier: MIT */
#include "system/notify.h"

#include "common/number.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void send_line(const struct notify *notify, const char *text)
{
    if (notify->fd >= 0) {
        (void)sendto(notify->fd, text, strlen(text),
                     MSG_NOSIGNAL | MSG_DONTWAIT,
                     (const struct sockaddr *)&notify->address, notify->length);
    }
}

/* A path, or '@' and a name in Linux's abstract namespace. */
static bool set_address(struct notify *notify, const char *path)
{
    size_t length = strlen(path);
    if ((path[0] != '/' && path[0] != '@') || length < 2 ||
        length >= sizeof(notify->address.sun_path)) {
        return false;
    }
    notify->address.sun_family = AF_UNIX;
    memcpy(notify->address.sun_path, path, length + 1);
    notify->length =
        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    if (path[0] == '@') {
        notify->address.sun_path[0] = '\0';
    }
    return true;
}

static uint64_t watchdog_ns(void)
{
    const uint64_t most_us = UINT64_MAX / 1000;
    const char *text = getenv("WATCHDOG_USEC");
    const char *pid_text = getenv("WATCHDOG_PID");
    uint64_t us = 0;
    uint64_t pid = 0;
    bool is_ours =
        pid_text == NULL ||
        (number_in_range(pid_text, NUMBER_DECIMAL, 0, UINT64_MAX, &pid) &&
         pid == (uint64_t)getpid());
    return is_ours && text != NULL &&
                   number_in_range(text, NUMBER_DECIMAL, 0, most_us, &us)
               ? us * 1000
               : 0;
}

/* Services of any Type=, by systemd 248 and newer. */
static bool is_started_by_systemd(void)
{
    const char *text = getenv("SYSTEMD_EXEC_PID");
    uint64_t pid = 0;
    return text != NULL &&
           number_in_range(text, NUMBER_DECIMAL, 0, UINT64_MAX, &pid) &&
           pid == (uint64_t)getpid();
}

void notify_open(struct notify *notify)
{
    const char *path = getenv("NOTIFY_SOCKET");
    *notify = (struct notify){.fd = -1};
    if (path != NULL && set_address(notify, path)) {
        notify->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        notify->watchdog_ns = watchdog_ns();
    }
    notify->is_service = notify->fd >= 0 || is_started_by_systemd();
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

int notify_interval_ms(const struct notify *notify, int most)
{
    enum { START_MS = 20 };
    /* Four looks in one interval: a sign is sent at the second or third. */
    uint64_t ms = notify->watchdog_ns / 4000000;
    if (notify->fd >= 0 && !notify->has_sent_ready) {
        return START_MS < most ? START_MS : most;
    }
    if (notify->fd < 0 || notify->watchdog_ns == 0 || ms >= (uint64_t)most) {
        return most;
    }
    return ms > 0 ? (int)ms : 1;
}

static void tell_device(struct notify *notify, bool is_waiting)
{
    if (is_waiting != notify->is_waiting) {
        notify->is_waiting = is_waiting;
        send_line(notify, is_waiting
                              ? "STATUS=the device was lost: waiting for it"
                              : "STATUS=playing");
    }
}

void notify_tick(struct notify *notify, const struct stats *stats,
                 uint64_t now_ns)
{
    uint64_t blocks = stats_get(&stats->blocks);
    bool is_waiting = stats_get(&stats->losses) > stats_get(&stats->reopened);
    bool is_alive = blocks != notify->blocks || is_waiting || notify->is_early;
    notify->blocks = blocks;
    if (notify->fd < 0) {
        return;
    }
    if (!notify->has_sent_ready) {
        if (blocks == 0 && !notify->is_early) {
            return;
        }
        notify->has_sent_ready = true;
        notify->fed_ns = now_ns;
        send_line(notify, "READY=1\nSTATUS=playing");
    }
    tell_device(notify, is_waiting);
    if (is_alive && notify->watchdog_ns > 0 &&
        now_ns - notify->fed_ns >= notify->watchdog_ns / 3) {
        notify->fed_ns = now_ns;
        send_line(notify, "WATCHDOG=1");
    }
}

void notify_close(struct notify *notify)
{
    if (notify->fd >= 0) {
        send_line(notify, "STOPPING=1");
        (void)close(notify->fd);
        notify->fd = -1;
    }
}
