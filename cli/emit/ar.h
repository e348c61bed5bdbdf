/* SPDX-License-Identifier: MIT */
/*
 * An ar archive in memory, as linkers and dpkg read it: deterministic, so no
 * time, no owner, mode 0644.
 */
#ifndef F4E_AR_H
#define F4E_AR_H

#include "base/buf.h"

enum { AR_MAX_NAME = 15 };

/* The magic that an archive starts with. */
void ar_start(struct buf *archive);

/* Append one member. Its name has 1 to AR_MAX_NAME bytes without '/', and is
 * ended by a '/' as linkers want it where 'has_slash'. */
void ar_add(struct buf *archive, const char *name, bool has_slash,
            const void *bytes, size_t size);

/*
 * The index that linkers look symbols up in, right after ar_start(): all of
 * 'symbols' (NULL at the end) are in the member that follows.
 */
void ar_add_index(struct buf *archive, const char *const *symbols);

#endif
