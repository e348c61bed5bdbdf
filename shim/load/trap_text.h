/* SPDX-License-Identifier: MIT */
/* A trap in words, with the function's name where the module tells it. */
#ifndef F4E_TRAP_TEXT_H
#define F4E_TRAP_TEXT_H

#include "f4e_patch.h"
#include "rt/trap.h"

#include <stddef.h>

/*
 * Describe a trap: "trap: divide by zero in function 3 'main'", followed by
 * 'when'. Cut off at 'size' bytes.
 */
void trap_describe(const struct f4e_patch *patch,
                   const struct f4e_trap_report *report, const char *when,
                   char *text, size_t size);

#endif
