/* SPDX-License-Identifier: MIT */
/*
 * Candidate invariants: where growing from the initial memory alone loses too
 * much, a second search starts from all that was observed in a run, and widens
 * to meaningful bounds. The candidates are a guess. The walks after it widen
 * those that a call does not preserve, until all are preserved: that is the
 * induction step, and where the candidates came from does not matter to it.
 */
#ifndef F4E_CANDIDATES_H
#define F4E_CANDIDATES_H

#include "ranges/analysis/observe.h"

/*
 * Start a model, which has the host's writes only, from an observation:
 * 'cells' as they were between calls, and what i32 stores have put where they
 * were observed to write. Sets the widening delay, and adds the extents of the
 * project's arrays, of the segments that fill the memory and of the addresses
 * that each access was observed at.
 */
void candidates_assume(struct memory_model *memory, const struct patch *patch,
                       const struct wasm_bodies *bodies,
                       const struct observation *observation,
                       const struct memory_list *cells);

#endif
