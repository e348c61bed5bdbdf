/* SPDX-License-Identifier: MIT */
/*
 * Branch hints for the C compiler. In patches an `if` without `else` mostly
 * handles a rare case (a phase or a buffer index wraps), and the 8f4e
 * compiler's address guards always hold. Without hints compilers convert these
 * branches to selects, whose latency every frame pays. Results do not change.
 */
#ifndef F4E_BRANCH_HINTS_H
#define F4E_BRANCH_HINTS_H

#include "base/buf.h"

/*
 * Append the C functions in 'text', as wasm2c writes them, with a hint at each
 * `if (variable) {` that has one of these shapes; everything else is copied.
 * F4E_LIKELY_IF and F4E_RARELY_IF are macros of shim/rt/wasm_rt.h.
 */
void branch_hints_add(struct buf *out, const char *text);

#endif
