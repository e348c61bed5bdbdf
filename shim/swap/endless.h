/* SPDX-License-Identifier: MIT */
/*
 * Code that does not end: a block that computes for ever, an initDefaults that
 * does. It is told from outside, by a signal, and gives up as if it had
 * trapped.
 */
#ifndef F4E_SWAP_ENDLESS_H
#define F4E_SWAP_ENDLESS_H

#include "rt/trap.h"

/* Control thread, before others start. */
void endless_install(void);

/* Control thread: give up what runs in either version, on whatever thread;
 * NULL: none. Both stay loaded until endless_disarm(). */
void endless_interrupt(f4e_interrupt_function *one,
                       f4e_interrupt_function *other);

void endless_disarm(void);

#endif
