/* SPDX-License-Identifier: MIT */
/*
 * An ar archive in memory, for linkers and dpkg. Deterministic: time and owner
 * 0, mode 0644.
 */
#ifndef F4E_AR_H
#define F4E_AR_H

#include "base/buf.h"

enum { AR_MAX_NAME = 15 };

/* Append the archive's magic. */
void ar_start(struct buf *archive);

/* Append one member. 'name' has 1 to AR_MAX_NAME bytes, none of them '/';
 * 'has_slash' terminates it by '/' (System V format, for linkers). */
void ar_add(struct buf *archive, const char *name, bool has_slash,
            const void *bytes, size_t size);

/* Append the symbol index, directly after ar_start(). All 'symbols' (NULL at
 * the end) are defined by the next member. */
void ar_add_index(struct buf *archive, const char *const *symbols);

#endif
