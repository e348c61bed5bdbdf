/* SPDX-License-Identifier: MIT */
/*
 * A descriptor that one thread makes readable to wake another from poll():
 * an eventfd. close() it.
 */
#ifndef F4E_WAKEUP_H
#define F4E_WAKEUP_H

#include "common/failure.h"

/* A new one, or -1: STATUS_INTERNAL. */
F4E_MUST_CHECK int wakeup_open(struct failure *failure);

/* Make it readable, until wakeup_clear(). Any thread and signal handler. */
void wakeup_send(int fd);

/* The thread that polls: not readable any more. */
void wakeup_clear(int fd);

#endif
