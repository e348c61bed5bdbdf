/* SPDX-License-Identifier: MIT */
/*
 * A proof of address ranges in its written form, and the check of one. The text
 * has one claim a line:
 *
 *     cell MEMORY ADDRESS RANGE          what calls leave in a word
 *     write MEMORY ADDRESS BYTES RANGE   what is written somewhere in there
 *     relies MEMORY ADDRESS BYTES RANGE  what the host has to keep
 *     address SITE RANGE                 where a load or store goes
 *     value SITE RANGE                   what a load gives, or a condition is
 *
 * with a RANGE as "LO HI RESIDUE BITS" and sites numbered as in code.h. Lines
 * that start with '#' are remarks.
 */
#ifndef F4E_RANGES_PROOF_H
#define F4E_RANGES_PROOF_H

#include "analysis.h"

/* The proof that an analysis without failure has found. */
void proof_write(struct buf *out, const struct analysis *analysis);

/*
 * Whether the text proves what it claims of the patch: the claims hold of the
 * memory at the start, one call of any entry from any memory that they allow
 * leaves memory that they allow, and no more than they say is seen on the way.
 * Nothing is searched for: what a proof does not say is not found out. False
 * with '*reason' otherwise, also for a text that is none.
 */
bool proof_check(const char *text, const struct patch *patch,
                 const char **reason, struct arena *arena);

/*
 * analysis_run(), then the check of what it claims: an analysis whose proof
 * does not hold up ends as one with a failure. Then what a block can keep.
 */
void proof_find(struct analysis *analysis, const struct patch *patch,
                bool has_host_code, struct arena *arena);

#endif
