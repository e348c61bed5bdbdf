/* SPDX-License-Identifier: MIT */
/* The glue of the block with proven ranges; texts are in the arena. */
#ifndef F4E_GLUE_PROVEN_H
#define F4E_GLUE_PROVEN_H

#include "ranges/analysis.h"
#include "translate.h"

/*
 * glue_proven_block(), around a call 'block' that works on an instance 'kept'
 * of its own: what it keeps can be anywhere, and is gone when it does not come
 * to its end.
 */
const char *glue_private_block(const struct translation *translation,
                               const char *block, struct arena *arena);

/*
 * The same around a call that works on 'instance', and glue_put_back(), which
 * after a trap in there writes back what it keeps.
 */
const char *glue_public_block(const struct translation *translation,
                              const char *block, struct arena *arena);

/* The rows of the table of invariants; none for NULL. */
const char *glue_invariants(const struct analysis *analysis,
                            struct arena *arena);

#endif
