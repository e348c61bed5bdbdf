/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* SCHED_RESET_ON_FORK */
#include "common/thread.h"

#include <sched.h>
#include <string.h>

bool thread_start(pthread_t *thread, const pthread_attr_t *attr,
                  void *(*function)(void *), void *arg, struct failure *failure)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)sigdelset(&all, THREAD_SIGNAL);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(thread, attr, function, arg);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0 ||
           failure_set(failure, STATUS_INTERNAL, "cannot start a thread: %s",
                       strerror(error));
}

void thread_take_prio(unsigned audio_prio, unsigned below)
{
    const struct sched_param param = {
        .sched_priority = audio_prio > below ? (int)(audio_prio - below) : 1};
    if (audio_prio > 0) {
        (void)sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param);
    }
}
