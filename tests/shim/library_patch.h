/* SPDX-License-Identifier: MIT */
/*
 * A library of a patch written by hand that has an item of every kind, and the
 * patch that a test plays with.
 */
#ifndef F4E_LIBRARY_PATCH_H
#define F4E_LIBRARY_PATCH_H

#include "fake_library.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LIBRARY_BYTES = 65536, /* of each of the two memories */
    LIBRARY_FRAMES = 4,
    LIBRARY_ITEMS = 12,
    LIBRARY_EXPORTS = 6
};

/* What the patch does, at these bytes of its memory. */
enum { COUNT = 0, TRAP_AT = 4, SUM = 8, GAIN = 16, FIRST_ITEM = 256 };

extern uint8_t memory[LIBRARY_BYTES];
extern uint8_t small[LIBRARY_BYTES]; /* the second */
extern bool is_trapping_in_init;

int32_t load_i32(unsigned at);
void store_i32(unsigned at, int32_t value);

/* Checked fixture: 'patch' is new. */
void set_up(void);
void tear_down(void);

extern struct fake *patch;
extern float out[LIBRARY_FRAMES];
extern float *const outs[1];

#endif
