/* SPDX-License-Identifier: MIT */
#include "common/thread.h"

#include <signal.h>
#include <string.h>

bool thread_start(pthread_t *thread, const pthread_attr_t *attr,
                  void *(*function)(void *), void *arg, struct failure *failure)
{
    sigset_t all;
    sigset_t before;
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(thread, attr, function, arg);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error == 0 ||
           failure_set(failure, STATUS_INTERNAL, "cannot start a thread: %s",
                       strerror(error));
}
