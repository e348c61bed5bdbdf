/* SPDX-License-Identifier: MIT */
/* Whole files, read and written in one piece; parts of paths. */
#ifndef F4E_FILE_H
#define F4E_FILE_H

#include "base/arena.h"

/*
 * Read a regular file of at most 'limit' bytes into the arena, with a NUL after
 * the bytes. Fails (input); the message names the path.
 */
F4E_MUST_CHECK bool file_read(const char *path, size_t limit,
                              const uint8_t **bytes, size_t *size,
                              struct arena *arena, struct diag *diag);

/*
 * Write a file atomically: to a temporary name in the same folder, then rename.
 * 'mode' is its permission bits before umask. Fails (system).
 */
F4E_MUST_CHECK bool file_write(const char *path, const void *bytes, size_t size,
                               unsigned mode, struct diag *diag);

/*
 * The same for a path of the user's. Symbolic links are followed, and the
 * temporary file is beside their target. An existing file keeps its mode,
 * without set-id bits and with the execute bits of 'mode' for those who may
 * read, and owner and group as far as permitted. Devices and pipes are written
 * to and not replaced.
 */
F4E_MUST_CHECK bool file_save(const char *path, const void *bytes, size_t size,
                              unsigned mode, struct diag *diag);

/* The target of a chain of symbolic links, which need not exist; 'path' itself
 * when it is not a link or the chain is a loop. */
const char *file_target(const char *path, struct arena *arena);

/* Part of the path after the last '/'; within 'path'. */
const char *file_base_name(const char *path);

/* The directory that holds 'path': "dir" of "dir/file", "/" of "/file", "." of
 * "file". In the arena or static. */
const char *file_directory(const char *path, struct arena *arena);

/*
 * What was printed to 'stream' is written. "cannot write 'what'" when that
 * failed, except that somebody who reads no more, such as head(1), has got what
 * was wanted.
 */
F4E_MUST_CHECK bool file_flush(FILE *stream, const char *what,
                               struct diag *diag);

#endif
