/* SPDX-License-Identifier: MIT */
/* Functions that do several modules at once (siblings/siblings.h), in the C
 * text of wasm2c. */
#ifndef F4E_SIBLINGS_TEXT_H
#define F4E_SIBLINGS_TEXT_H

#include "siblings/siblings.h"

/* Append the instance's header 'text' with the rows as vectors. When it has
 * not the members that are known, it stays as it is, and there are no groups
 * any more. */
void siblings_add_members(struct buf *out, const char *text,
                          struct siblings *siblings);

/* Append the C functions in 'text', as wasm2c writes them, with those for the
 * groups, which are called in place of their members. 'type' is that of the
 * instance. */
void siblings_add_functions(struct buf *out, const char *text,
                            const struct siblings *siblings, const char *type);

#endif
