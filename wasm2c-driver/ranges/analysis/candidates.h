/* SPDX-License-Identifier: MIT */
/*
 * Candidates for what memory holds between calls, where growing from the
 * initial state alone went too far: the search starts again from all that was
 * seen to happen, and stops at borders that mean something. The candidates are
 * a guess. The walks that follow drop or widen those that a call does not keep,
 * until a call of each function keeps all: that is the proof, and it does not
 * matter where the candidates came from.
 */
#ifndef F4E_RANGES_CANDIDATES_H
#define F4E_RANGES_CANDIDATES_H

#include "ranges/analysis/observe.h"

/*
 * Let a model, which has the host's writes only, begin with what was seen:
 * 'cells' as they were between calls, and what i32 stores have put into the
 * words that they were seen to reach. What grows from there is joined for some
 * passes, then stops at the extents of the project's arrays, of the segments
 * that fill the memory and of all that single accesses were seen to touch.
 */
void candidates_assume(struct memory_model *memory, const struct patch *patch,
                       const struct wasm_bodies *bodies,
                       const struct observation *seen,
                       const struct memory_list *cells);

#endif
