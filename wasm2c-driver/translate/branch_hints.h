/* SPDX-License-Identifier: MIT */
/*
 * Which way branches go, told to the compiler. A patch's `if` without `else`
 * mostly handles the rare case (a phase wraps, a buffer's pointer returns to
 * its start), and the 8f4e compiler's own address guards always hold. Without
 * being told, compilers turn such branches into selects, and then every frame
 * waits for the slow way. Hints change no result.
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
