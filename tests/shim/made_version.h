/* SPDX-License-Identifier: MIT */
/*
 * Versions of a patch, made by hand, for tests of what exchanges them. Each
 * plays a ramp of its own count of frames, times a gain, so that the sound
 * tells whether its state has gone on. Odd ones have another layout than even
 * ones.
 */
#ifndef F4E_TEST_MADE_VERSION_H
#define F4E_TEST_MADE_VERSION_H

#include "swap/version.h"

#include <stdint.h>

enum {
    MADE_VERSIONS = 4,
    MADE_FRAMES = 64,   /* in a block */
    MADE_TABLE = 12000, /* elements: enough to be a large run */
};

/* The n-th one with its defaults, not loaded from a file; its number is n. */
void made_version(struct version *version, unsigned n);

/* One of its variables by name: a cell of 4 bytes. */
uint8_t *made_cell(unsigned n, const char *name);
void made_set(unsigned n, const char *name, const void *four_bytes);
int32_t made_int(unsigned n, const char *name);
float made_float(unsigned n, const char *name);

/* The next block of version n traps; or one of those after it does. */
void made_trap(unsigned n, int32_t blocks);

/* What is heard at a frame when the gain is 1. */
float made_ramp(int64_t frame);

#endif
