/* SPDX-License-Identifier: MIT */
/*
 * Modules made up at random, as bytes. Every call in them ends, or nearly:
 * loops are counted. They do what an analysis of addresses may get wrong:
 * pointers that run round, copies of them, stores that are narrow, wide,
 * unaligned or to another memory, jumps with values out of and back into
 * blocks, functions that the host calls and that call each other, traps
 * anywhere.
 */
#ifndef F4E_RANDOM_CODE_H
#define F4E_RANDOM_CODE_H

#include "base/buf.h"

#include <stdint.h>

/* Where the code keeps things: what a host may want to write to. */
enum {
    RANDOM_CODE_CELL = 16, /* the first word that has an address of its own */
    RANDOM_CODE_CELLS = 10,
    RANDOM_CODE_ARRAY = 256, /* three arrays of so many bytes follow */
    RANDOM_CODE_ARRAY_BYTES = 64,
    RANDOM_CODE_END = 512,
};

struct random_numbers {
    uint64_t state;
};

uint32_t random_any(struct random_numbers *numbers, uint32_t below);

/* A word that is likely to mean something to such a module, or to break it. */
uint32_t random_word(struct random_numbers *numbers);

/*
 * A valid module. It imports two memories of a page and, as function 0, one
 * that gives any i32; it exports `initDefaults`, `buffer`, `main` and others,
 * some with parameters.
 */
struct buf random_code(struct random_numbers *numbers, struct arena *arena);

#endif
