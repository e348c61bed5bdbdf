/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* gettid, RLIMIT_RTTIME, SCHED_RESET_ON_FORK */
#include "system/rtsetup.h"

#include "message/message.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    GUARD_US = 500000,
    PAGE_BYTES = 4096,
    TOUCH_MAX_BYTES = 64 << 20, /* of memories that may not be locked */
};

/*
 * The linker's: where the program's own data begins and ends.
 * NOLINTBEGIN(bugprone-reserved-identifier)
 */
extern char __data_start[];
extern char _end[];
/* NOLINTEND(bugprone-reserved-identifier) */

static pid_t audio_thread;
static volatile sig_atomic_t is_demoted;

/* On the thread that used up its time, or another: both may do this. */
static void demote(int number)
{
    int saved = errno;
    const struct sched_param none = {.sched_priority = 0};
    (void)number;
    /* Without privileges the flag cannot be taken back. */
    if (sched_setscheduler(audio_thread, SCHED_OTHER | SCHED_RESET_ON_FORK,
                           &none) == 0) {
        is_demoted = 1;
    }
    errno = saved;
}

bool rtsetup_is_demoted(void)
{
    return is_demoted != 0;
}

void rtsetup_init(struct rtsetup *setup, unsigned prio)
{
    *setup = (struct rtsetup){.prio_wanted = prio};
    /* Memory comes from the heap, which keeps what it once had. */
    (void)mallopt(M_MMAP_MAX, 0);
    (void)mallopt(M_TRIM_THRESHOLD, -1);
}

/*
 * Write what is there: reading alone would map a page of zeros. Others may
 * write at the same time, so it must not be a load and a store. Steps from the
 * middle of a page may miss the last one, hence the last byte.
 */
__attribute__((noinline, no_sanitize("address", "thread"))) static void
touch(char *from, size_t bytes)
{
    for (size_t at = 0; at < bytes + PAGE_BYTES; at += PAGE_BYTES) {
        char *byte = from + (at < bytes ? at : bytes - 1);
        char value = __atomic_load_n(byte, __ATOMIC_RELAXED);
        (void)__atomic_compare_exchange_n(byte, &value, value, false,
                                          __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    }
}

/* Locking brings all of it in. True when it is allowed. */
static bool lock(struct rtsetup *setup, char *from, size_t bytes)
{
    bool is_locked = bytes == 0 || mlock(from, bytes) == 0;
    *(is_locked ? &setup->locked_bytes : &setup->refused_bytes) += bytes;
    return is_locked;
}

/* What may be swapped out again is still brought in, within reason: a patch
 * does not need all of a huge memory, and the machine may not have it. */
static void keep(struct rtsetup *setup, char *from, size_t bytes)
{
    if (!lock(setup, from, bytes) && bytes <= TOUCH_MAX_BYTES) {
        touch(from, bytes);
    }
}

/* Whether memory 'index' is brought in where it may not be locked: all of them
 * together are as costly as a large one. */
static bool is_touched(const struct f4e_patch *patch, unsigned index)
{
    uint64_t bytes = 0;
    for (unsigned i = 0; i <= index && bytes <= TOUCH_MAX_BYTES; i++) {
        bytes += patch->memories[i].bytes;
    }
    return bytes <= TOUCH_MAX_BYTES;
}

/* The first memory from 'at' on that is not to be touched, or NULL. */
static const struct f4e_memory *find_large(const struct f4e_patch *patch,
                                           const char *at)
{
    const struct f4e_memory *found = NULL;
    for (unsigned i = 0; i < patch->memory_count; i++) {
        const struct f4e_memory *memory = &patch->memories[i];
        const char *data = (const char *)memory->data;
        if (!is_touched(patch, i) && data >= at && data < _end &&
            (found == NULL || memory->data < found->data)) {
            found = memory;
        }
    }
    return found;
}

/* The program's data, in which the patch's memories may lie. */
static void keep_data(struct rtsetup *setup, const struct f4e_patch *patch)
{
    char *at = __data_start;
    if (lock(setup, at, (size_t)((uintptr_t)_end - (uintptr_t)at))) {
        return;
    }
    while (at < _end) {
        const struct f4e_memory *large = find_large(patch, at);
        const char *stop = large != NULL ? (const char *)large->data : _end;
        size_t bytes = (size_t)((uintptr_t)stop - (uintptr_t)at);
        if (bytes > 0) {
            touch(at, bytes);
        }
        at += bytes + (large != NULL ? (size_t)large->bytes : 0);
    }
}

/* Where the heap begins is the kernel's secret until it is asked. */
static void keep_heap(struct rtsetup *setup)
{
    char line[256];
    FILE *file = fopen("/proc/self/maps", "re");
    if (file == NULL) {
        return;
    }
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strstr(line, "[heap]") != NULL) {
            char *dash;
            uintptr_t from = (uintptr_t)strtoull(line, &dash, 16);
            uintptr_t to =
                *dash == '-' ? (uintptr_t)strtoull(dash + 1, NULL, 16) : 0;
            /* NOLINTNEXTLINE(performance-no-int-to-ptr): it is one, in text */
            keep(setup, (char *)from, to > from ? to - from : 0);
        }
    }
    (void)fclose(file);
}

static void keep_memories(struct rtsetup *setup, const struct f4e_patch *patch)
{
    for (unsigned i = 0; i < patch->memory_count; i++) {
        char *data = (char *)patch->memories[i].data;
        /* One inside the program's data has been kept already. */
        if (data < __data_start || data >= _end) {
            size_t bytes = (size_t)patch->memories[i].bytes;
            if (!lock(setup, data, bytes) && is_touched(patch, i)) {
                touch(data, bytes);
            }
        }
    }
}

void rtsetup_lock(struct rtsetup *setup, const struct f4e_patch *patch)
{
    if (mlockall(MCL_CURRENT) == 0) {
        setup->is_all_locked = true;
    }
    keep_data(setup, patch);
    keep_heap(setup);
    keep_memories(setup, patch);
}

void rtsetup_keep(struct rtsetup *setup, const struct f4e_patch *patch)
{
    if (setup->is_all_locked) {
        (void)mlockall(MCL_CURRENT);
    }
    keep_memories(setup, patch);
}

static void keep_stack(struct rtsetup *setup)
{
    pthread_attr_t attr;
    void *start = NULL;
    size_t bytes = 0;
    if (pthread_getattr_np(pthread_self(), &attr) == 0) {
        if (pthread_attr_getstack(&attr, &start, &bytes) == 0) {
            keep(setup, start, bytes);
        }
        (void)pthread_attr_destroy(&attr);
    }
}

/* Only the soft limit: at the hard one the kernel kills. */
static bool set_guard(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_RTTIME, &limit) != 0) {
        return false;
    }
    rlim_t most = limit.rlim_max / 2;
    limit.rlim_cur =
        limit.rlim_max != RLIM_INFINITY && most < GUARD_US ? most : GUARD_US;
    return setrlimit(RLIMIT_RTTIME, &limit) == 0;
}

static void arm_guard(void)
{
    struct sigaction action = {.sa_handler = demote, .sa_flags = SA_RESTART};
    sigset_t set;
    (void)sigaction(SIGXCPU, &action, NULL);
    (void)set_guard();
    /* Here, where it runs although this thread leaves no time for others. */
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGXCPU);
    (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static int take_prio(int prio)
{
    const struct sched_param param = {.sched_priority = prio};
    return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param) == 0
               ? 0
               : errno;
}

void rtsetup_promote(const struct rtsetup *setup)
{
    const struct sched_param param = {.sched_priority = setup->prio};
    /* The kernel has put the limit up, by a second for each signal. */
    if (is_demoted != 0 && set_guard()) {
        is_demoted = 0;
        if (sched_setscheduler(audio_thread, SCHED_FIFO | SCHED_RESET_ON_FORK,
                               &param) != 0) {
            is_demoted = 1;
        }
    }
}

void rtsetup_enter(struct rtsetup *setup)
{
    struct rlimit limit;
    int prio = (int)setup->prio_wanted;
    keep_stack(setup);
    if (prio == 0) {
        return;
    }
    audio_thread = gettid();
    setup->error = take_prio(prio);
    /* Privileged threads have no limit; the others may have some of it. */
    if (setup->error == EPERM && getrlimit(RLIMIT_RTPRIO, &limit) == 0 &&
        limit.rlim_cur > 0 && limit.rlim_cur < (rlim_t)prio) {
        prio = (int)limit.rlim_cur;
        setup->error = take_prio(prio) == 0 ? 0 : EPERM;
    }
    if (setup->error == 0) {
        setup->prio = prio;
        arm_guard();
    }
}

void rtsetup_adopt(struct rtsetup *setup)
{
    struct sched_param param = {.sched_priority = 0};
    int policy = SCHED_OTHER;
    keep_stack(setup);
    audio_thread = gettid();
    setup->prio_wanted = 0;
    if (pthread_getschedparam(pthread_self(), &policy, &param) == 0 &&
        ((policy & ~SCHED_RESET_ON_FORK) == SCHED_FIFO ||
         (policy & ~SCHED_RESET_ON_FORK) == SCHED_RR)) {
        setup->prio = param.sched_priority;
        arm_guard();
    }
}

void rtsetup_tell(const struct rtsetup *setup)
{
    struct rlimit limit = {0};
    if (setup->prio > 0) {
        message(PRIORITY_INFO, "thread  SCHED_FIFO, priority %d%s", setup->prio,
                setup->prio < (int)setup->prio_wanted
                    ? ", which is RLIMIT_RTPRIO"
                    : "");
    } else if (setup->prio_wanted == 0) {
        message(PRIORITY_INFO, "thread  normal priority");
    } else {
        message(PRIORITY_WARNING,
                "thread  normal priority (%s): for real time put '@audio - "
                "rtprio 95' in /etc/security/limits.d/audio.conf, join the "
                "group audio and log in again",
                strerror(setup->error));
    }
    (void)getrlimit(RLIMIT_MEMLOCK, &limit);
    if (setup->is_all_locked) {
        message(PRIORITY_INFO, "memory  all locked");
    } else if (setup->refused_bytes == 0) {
        message(PRIORITY_INFO, "memory  %.1f MB locked",
                (double)setup->locked_bytes / 1e6);
    } else {
        message(PRIORITY_WARNING,
                "memory  %.1f MB not locked, the limit is %.1f MB: put '@audio "
                "- memlock unlimited' in /etc/security/limits.d/audio.conf",
                (double)setup->refused_bytes / 1e6,
                (double)limit.rlim_cur / 1e6);
    }
}
