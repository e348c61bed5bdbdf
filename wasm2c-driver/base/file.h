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

/* Part of the path after the last '/'; within 'path'. */
const char *file_base_name(const char *path);

/* The directory that holds 'path': "dir" of "dir/file", "/" of "/file", "." of
 * "file". In the arena or static. */
const char *file_directory(const char *path, struct arena *arena);

#endif
