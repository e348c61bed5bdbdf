/* SPDX-License-Identifier: MIT */
/* Whole files, read and written in one piece; parts of paths. */
#ifndef F4E_FILE_H
#define F4E_FILE_H

#include "base/arena.h"

/*
 * Read a whole file into the arena (a NUL follows the bytes). Fails (input)
 * when it is missing, unreadable, not a regular file or longer than 'limit'
 * bytes; diag->file need not be set.
 */
F4E_MUST_CHECK bool file_read(const char *path, size_t limit,
                              const uint8_t **bytes, size_t *size,
                              struct arena *arena, struct diag *diag);

/*
 * Write a file in one piece: a temporary name beside it, then rename. 'mode' is
 * its permission bits before umask.
 */
F4E_MUST_CHECK bool file_write(const char *path, const void *bytes, size_t size,
                               unsigned mode, struct diag *diag);

/*
 * The same for a file that the user named. Where that is a symbolic link, the
 * file it leads to is written, beside which the temporary one lies; the link
 * stays. A file that was there keeps its mode, without set-id bits and with the
 * execute bits of 'mode' for those who may read, and its owner and group as far
 * as the system lets it.
 */
F4E_MUST_CHECK bool file_save(const char *path, const void *bytes, size_t size,
                              unsigned mode, struct diag *diag);

/* Where a chain of symbolic links at 'path' ends, whether there is a file or
 * not; 'path' itself when it is no link, or when the chain has no end. */
const char *file_target(const char *path, struct arena *arena);

/* Part of the path after the last '/'; within 'path'. */
const char *file_base_name(const char *path);

/* The directory that holds 'path': "dir" of "dir/file", "/" of "/file", "." of
 * "file". In the arena or static. */
const char *file_directory(const char *path, struct arena *arena);

#endif
