/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* gettid, syscall */
#include "swap/endless.h"

#include "common/number.h"
#include "common/thread.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static _Atomic(f4e_interrupt_function *) targets[2];

/* Does not return if the thread is inside one of both: what it has interrupted
 * is arithmetic, which holds no lock. */
static void handle(int number)
{
    int saved = errno;
    (void)number;
    for (int i = 0; i < 2; i++) {
        f4e_interrupt_function *interrupt = atomic_load(&targets[i]);
        if (interrupt != NULL) {
            interrupt();
        }
    }
    errno = saved;
}

void endless_install(void)
{
    /* Not blocked by itself: the handler may be left by a jump. */
    struct sigaction action = {.sa_handler = handle,
                               .sa_flags = SA_RESTART | SA_NODEFER};
    (void)sigemptyset(&action.sa_mask);
    (void)sigaction(THREAD_SIGNAL, &action, NULL);
}

void endless_interrupt(f4e_interrupt_function *one,
                       f4e_interrupt_function *other)
{
    const pid_t own = gettid();
    DIR *threads = opendir("/proc/self/task");
    atomic_store(&targets[0], one);
    atomic_store(&targets[1], other);
    if (threads == NULL) {
        return;
    }
    for (const struct dirent *entry = readdir(threads); entry != NULL;
         entry = readdir(threads)) {
        uint64_t id = 0;
        if (number_in_range(entry->d_name, NUMBER_DECIMAL, 1, INT32_MAX, &id) &&
            (pid_t)id != own) {
            (void)syscall(SYS_tgkill, getpid(), (pid_t)id, THREAD_SIGNAL);
        }
    }
    (void)closedir(threads);
}

void endless_disarm(void)
{
    atomic_store(&targets[0], NULL);
    atomic_store(&targets[1], NULL);
}
