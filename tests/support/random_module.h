/* SPDX-License-Identifier: MIT */
/*
 * Modules made up at random, in the text format: valid, ending, full of
 * pointers that run through arrays, wrap round, overflow, alias and miss.
 */
#ifndef F4E_RANDOM_MODULE_H
#define F4E_RANDOM_MODULE_H

#include "base/buf.h"

/* The text of module number 'seed', in 'arena'. It exports initDefaults,
 * buffer, main and note. */
const char *random_module(uint64_t seed, struct arena *arena);

#endif
