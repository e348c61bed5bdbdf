/* SPDX-License-Identifier: MIT */
/*
 * A proof of address ranges in its written form, which check/check.h reads.
 * The text has one statement a line:
 *
 *     relies MEMORY ADDRESS BYTES RANGE  words between calls; the host keeps it
 *     address SITE RANGE                 where a load or store goes, inside
 *     value SITE RANGE                   what a load gives, or a condition is
 *     path PARENT AT                     how execution gets somewhere
 *     round RANGE                        a value at the head of that loop
 *     slot SLOT VALUE                    where it stands: on the stack, or
 *     word MEMORY ADDRESS VALUE          in a word
 *
 * with a RANGE as "LO HI RESIDUE BITS" and sites numbered as in code.h. Paths
 * are numbered from 1 in their order: on path PARENT the call or the loop at
 * byte AT of the module; PARENT 0 is the host, which calls function AT. The
 * lines `round`, `slot` and `word` belong to the path above them; rounds are
 * numbered from 0. They list what the rounds of a loop change: everything else
 * is as it was before the loop, and places with the same round hold the same
 * number. Slots are counted from the arguments and locals of the host's call,
 * through its operands, to those of the innermost. Lines of one kind come in
 * ascending order. Lines that start with '#' are remarks.
 */
#ifndef F4E_RANGES_PROOF_H
#define F4E_RANGES_PROOF_H

#include "ranges/analysis/analysis.h"

/* The proof that an analysis without failure has found. */
void proof_write(struct buf *out, const struct analysis *analysis,
                 struct arena *arena);

/*
 * analysis_run(), then the check of what it claims: an analysis whose proof
 * does not hold up ends as one with a failure. Then what a block can keep.
 */
void proof_find(struct analysis *analysis, const struct patch *patch,
                bool has_host_code, struct arena *arena);

#endif
