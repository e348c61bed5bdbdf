/* SPDX-License-Identifier: MIT */
/* Threads of the shim: none of them is interrupted by a signal but this one. */
#ifndef F4E_THREAD_H
#define F4E_THREAD_H

#include "common/failure.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>

/* Nobody minds it, unless somebody makes it mean something: swap/endless.h. */
#define THREAD_SIGNAL SIGURG

/*
 * Start a thread in which all signals are blocked but that; 'attr' may be NULL.
 * Join it with pthread_join(). STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool thread_start(pthread_t *thread, const pthread_attr_t *attr,
                                 void *(*function)(void *), void *arg,
                                 struct failure *failure);

/*
 * The calling thread gets real-time priority, so much below the audio thread's;
 * 0 for that one is none. Without the right to it things go on too.
 */
void thread_take_prio(unsigned audio_prio, unsigned below);

#endif
