/* SPDX-License-Identifier: MIT */
/*
 * The roots of the call graph: functions that the host calls between blocks or
 * for one, in any order, any number of times. All exported functions are, but
 * for initDefaults, whose effect is evaluated (initial_memory.h), and exported
 * imports. The check has its own list (check/check.c).
 */
#ifndef F4E_ROOTS_H
#define F4E_ROOTS_H

#include "patch.h"

/* Whether export 'export' of the patch's module is a root; of several exports
 * of one function, only the first. */
bool roots_contain(const struct patch *patch, uint32_t export);

#endif
