/* SPDX-License-Identifier: MIT */
/*
 * What signals ask of a patch that plays: SIGINT, SIGTERM and SIGHUP its end,
 * SIGUSR1 statistics, SIGUSR2 a saved state. A second SIGINT or SIGTERM ends
 * the program at once. Control thread.
 */
#ifndef F4E_SIGNALS_H
#define F4E_SIGNALS_H

#include <stdbool.h>

/* From now on a signal makes this eventfd readable. */
void signals_install(int fd);

/* Before a program ends at once, the handler calls this too. */
void signals_at_once(void (*leave)(void));

/* Ask for the end, as a signal does. */
void signals_stop(void);

bool signals_has_stop(void);

/* Whether it was asked for since the last call. */
bool signals_take_stats(void);
bool signals_take_save(void);

#endif
