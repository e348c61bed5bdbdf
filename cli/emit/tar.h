/* SPDX-License-Identifier: MIT */
/*
 * A ustar archive in memory. Deterministic: owned by root, one constant time.
 */
#ifndef F4E_TAR_H
#define F4E_TAR_H

#include "base/buf.h"

/* Append a file. 'path' ("./usr/bin/x") is at most 99 bytes long. */
void tar_add(struct buf *archive, const char *path, unsigned mode,
             const void *bytes, size_t size);

/* Append a directory, "./usr/". */
void tar_add_folder(struct buf *archive, const char *path);

/* Append the end-of-archive blocks. */
void tar_end(struct buf *archive);

#endif
