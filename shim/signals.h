/* SPDX-License-Identifier: MIT */
/*
 * What signals ask of a patch that plays: SIGINT, SIGTERM and SIGHUP its end,
 * SIGUSR1 statistics, SIGUSR2 a saved state. A second SIGINT or SIGTERM ends
 * the program at once, as the first one does before that, when there is
 * nothing to bring to an end. Control thread.
 */
#ifndef F4E_SIGNALS_H
#define F4E_SIGNALS_H

#include <stdbool.h>

/* From now on a signal ends the program, without files that are half written;
 * those that ask for something else make this eventfd readable. */
void signals_install(int fd);

/* From now on the first signal asks for the end, and does the same. */
void signals_ask(void);

/* Before a program ends at once, the handler calls this too. */
void signals_at_once(void (*leave)(void));

/* Ask for the end, as a signal does. */
void signals_stop(void);

/* The end that was asked for does not come: die of the signal that did, or of
 * SIGTERM. */
_Noreturn void signals_die(void);

bool signals_has_stop(void);

/* Whether it was asked for since the last call. */
bool signals_take_stats(void);
bool signals_take_save(void);

#endif
