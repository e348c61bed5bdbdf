/* SPDX-License-Identifier: MIT */
#include "virtual_clock.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/timerfd.h>
#include <time.h>

static _Atomic int64_t clock_ns; /* 0: off */
static atomic_uint waits;
static unsigned step_at;
static int64_t step_ns;
static int timer_fd = -1;
static int64_t timer_ns; /* when it is due */

void virtual_clock_set(int64_t ns)
{
    atomic_store(&clock_ns, ns);
    atomic_store(&waits, 0);
    step_at = 0;
    timer_fd = -1;
}

int64_t virtual_clock_ns(void)
{
    return atomic_load(&clock_ns);
}

void virtual_clock_step(unsigned after, int64_t ns)
{
    step_at = after;
    step_ns = ns;
}

unsigned virtual_clock_waits(void)
{
    return atomic_load(&waits);
}

/* The linker's names. NOLINTBEGIN(readability-identifier-naming,
 * bugprone-reserved-identifier) */
int __real_clock_gettime(clockid_t id, struct timespec *time);
int __real_timerfd_settime(int fd, int flags, const struct itimerspec *time,
                           struct itimerspec *old);
int __real_poll(struct pollfd *fds, nfds_t count, int ms);
int __wrap_clock_gettime(clockid_t id, struct timespec *time);
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *time,
                           struct itimerspec *old);
int __wrap_poll(struct pollfd *fds, nfds_t count, int ms);

int __wrap_clock_gettime(clockid_t id, struct timespec *time)
{
    const int64_t now_ns = atomic_load(&clock_ns);
    if (id != CLOCK_REALTIME || now_ns == 0) {
        return __real_clock_gettime(id, time);
    }
    time->tv_sec = (time_t)(now_ns / 1000000000);
    time->tv_nsec = (long)(now_ns % 1000000000);
    return 0;
}

/* Of absolute timers, the last one. */
int __wrap_timerfd_settime(int fd, int flags, const struct itimerspec *time,
                           struct itimerspec *old)
{
    if (atomic_load(&clock_ns) != 0) {
        timer_fd = fd;
        timer_ns = (int64_t)time->it_value.tv_sec * 1000000000 +
                   time->it_value.tv_nsec;
        return 0;
    }
    return __real_timerfd_settime(fd, flags, time, old);
}

/* It takes as long as it may, but in no time. */
int __wrap_poll(struct pollfd *fds, nfds_t count, int ms)
{
    bool is_ours = false;
    for (nfds_t i = 0; i < count; i++) {
        is_ours = is_ours || (timer_fd >= 0 && fds[i].fd == timer_fd);
    }
    if (atomic_load(&clock_ns) == 0 || !is_ours) {
        return __real_poll(fds, count, ms);
    }
    int64_t now_ns = atomic_load(&clock_ns);
    const int64_t end_ns = now_ns + ms * INT64_C(1000000);
    if (atomic_fetch_add(&waits, 1) + 1 == step_at) {
        now_ns += step_ns;
    } else {
        now_ns = ms < 0 || timer_ns < end_ns ? timer_ns : end_ns;
    }
    atomic_store(&clock_ns, now_ns);
    return now_ns >= timer_ns;
}
/* NOLINTEND(readability-identifier-naming,bugprone-reserved-identifier) */
