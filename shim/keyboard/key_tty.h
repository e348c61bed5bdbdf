/* SPDX-License-Identifier: MIT */
/*
 * A terminal in non-canonical mode without echo. Its mode is restored when the
 * program ends for any reason but SIGKILL, and while it is stopped (^Z). One
 * terminal at a time.
 */
#ifndef F4E_KEY_TTY_H
#define F4E_KEY_TTY_H

#include "common/failure.h"

#include <stdbool.h>

/*
 * 'fd' is open for reading and writing and stays the caller's. Requests focus
 * events, and asks whether the terminal has the kitty keyboard protocol. Fails
 * with STATUS_OPEN, also when this program is in the background. Control
 * thread.
 */
F4E_MUST_CHECK bool key_tty_enter(int fd, const char *path,
                                  struct failure *failure);

/* The terminal has the protocol: switch release events on. Key thread. */
void key_tty_want_releases(void);

/* What the terminal would do for ^C or ^Z if it were no key: a signal to the
 * program and to those that it was started with. Key thread. */
void key_tty_signal(int number);

/* Restore the mode. Any thread and signal handler, any number of times. */
void key_tty_leave(void);

#endif
