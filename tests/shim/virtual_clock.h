/* SPDX-License-Identifier: MIT */
/*
 * The system's clock as a test has it: what asks for CLOCK_REALTIME, and waits
 * for a timer of it, meets a clock that moves when it is told so. For programs
 * that are linked with --wrap of what virtual_clock.c defines.
 */
#ifndef F4E_TEST_VIRTUAL_CLOCK_H
#define F4E_TEST_VIRTUAL_CLOCK_H

#include <stdint.h>

/* From now on it is so late; 0: the system's own clock again. */
void virtual_clock_set(int64_t ns);

int64_t virtual_clock_ns(void);

/* Somebody sets the clock, by so much, after so many waits; once. */
void virtual_clock_step(unsigned waits, int64_t ns);

/* How often somebody has waited for a timer of it. */
unsigned virtual_clock_waits(void);

#endif
