/* SPDX-License-Identifier: MIT */
/*
 * Calls side by side: an additive voice asks one sine six times in a frame,
 * with arguments that are all known at the first of the calls. They are done
 * there, together, each in its lane of a vector; the others take their results
 * from that. What each call computes stays the same to the last bit.
 */
#ifndef F4E_LANES_H
#define F4E_LANES_H

#include "base/buf.h"

/*
 * Append the C functions in 'text', as wasm2c writes them. Calls of one
 * function from f32 to f32 that only computes become one F4E_LANES(), a macro
 * of shim/rt/wasm_rt.h, where at least four of them follow each other with no
 * branch between.
 */
void lanes_join(struct buf *out, const char *text);

#endif
