/* SPDX-License-Identifier: MIT */
/*
 * A float to an integer and back at once, as in the language's way to get what
 * is behind the point: `x - castToFloat(castToInt(x))`. As two steps, the
 * number goes through an integer register, in which the rare results of a
 * saturating conversion meet the plain one; and no compiler makes vectors of
 * that.
 */
#ifndef F4E_ROUND_TRIPS_H
#define F4E_ROUND_TRIPS_H

#include "base/buf.h"

/*
 * Append the C functions in 'text', as wasm2c writes them, with each such pair
 * of lines as one: "w2c_f1 = F32_WHOLE(w2c_f1);", a macro of shim/rt/wasm_rt.h.
 */
void round_trips_join(struct buf *out, const char *text);

#endif
