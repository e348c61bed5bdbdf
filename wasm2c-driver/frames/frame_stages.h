/* SPDX-License-Identifier: MIT */
/*
 * A patch runs all modules for one frame, then for the next. What a module
 * computes from phases, envelopes and the like hangs on no other frame, and
 * could be computed for many of them at once, in vectors. So the loop over the
 * frames of a block becomes several, one after the other: those that go frame
 * by frame, as whatever hangs on its own last frame must, and between them
 * those that need not. What one loop leaves to another lies in arrays on the
 * stack. Each number is made by the same operations from the same numbers, so
 * its bits are the same.
 */
#ifndef F4E_FRAME_STAGES_H
#define F4E_FRAME_STAGES_H

#include "base/buf.h"

#include <stdint.h>

struct frame_stages_module {
    const uint64_t *memory_bytes; /* of each memory */
    uint32_t memory_count;
    uint32_t range_import; /* the number of the import that states ranges */
    uint32_t own_globals;  /* those behind them stand for words of memory */
};

/* Stack for the arrays of the loop. */
enum { FRAME_STAGES_STACK_BYTES = 64 * 1024 };

/*
 * Append the C functions in 'text', as wasm2c writes them, with such loops in
 * stages: those that count to a constant and do nothing but call functions
 * whose effects are all known and which cannot trap, so that nobody sees how
 * far each of them is. Not for modules with a
 * function that calls itself, reached or not.
 */
void frame_stages_split(struct buf *out, const char *text,
                        const struct frame_stages_module *module);

#endif
