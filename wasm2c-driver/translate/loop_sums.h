/* SPDX-License-Identifier: MIT */
/*
 * Sums that loops gather: `loop 32 … sum = sum + x … loopEnd`. Floats are added
 * in the order of the text, so that each addition waits for the last one, and a
 * compiler computes nothing of such a loop in vectors. What only the sums need
 * is therefore done in a second loop: the first one leaves each x in an array,
 * and can then go over many elements at once. Each sum is made of the same
 * operations in the same order, so its bits are the same.
 */
#ifndef F4E_LOOP_SUMS_H
#define F4E_LOOP_SUMS_H

#include "base/buf.h"

/* Stack for the arrays of all loops of a patch together. No call chain needs
 * more, as long as no function calls itself. */
enum { LOOP_SUMS_STACK_BYTES = 128 * 1024 };

/*
 * Append the C functions in 'text', as wasm2c writes them, with such loops in
 * two: those that count to a constant, have no way out but their end, and carry
 * no float from one round to the next that anything else in them hangs on.
 * Globals from number 'own_globals' on stand for words of memory; those before
 * are the module's, and gather nothing here. Not for modules that recurse: the
 * arrays would make their stack end sooner.
 */
void loop_sums_split(struct buf *out, const char *text, uint32_t own_globals);

#endif
