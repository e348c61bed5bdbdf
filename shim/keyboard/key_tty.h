/* SPDX-License-Identifier: MIT */
/*
 * A terminal that gives its keys as they are pressed, without echo. However
 * the program ends, short of SIGKILL, the terminal is as it was; while it is
 * stopped (^Z) too. One terminal at a time.
 */
#ifndef F4E_KEY_TTY_H
#define F4E_KEY_TTY_H

#include <stdbool.h>

#include "common/failure.h"

/*
 * 'fd' is open for reading and writing and stays the caller's. Asks the
 * terminal to tell the focus, and whether it can tell releases. Fails with
 * STATUS_OPEN, also when another program has the terminal. Control thread.
 */
F4E_MUST_CHECK bool key_tty_enter(int fd, const char *path,
                                  struct failure *failure);

/* It can: it shall. */
void key_tty_want_releases(void);

/* As it was. Any number of times, from any thread or signal handler. */
void key_tty_leave(void);

#endif
