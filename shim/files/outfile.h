/* SPDX-License-Identifier: MIT */
/*
 * A file that appears whole or not at all: written under a temporary name
 * beside its target and renamed when complete. A symbolic link stays one: what
 * it points to is replaced, and keeps its mode, and its owner where we may.
 * Pipes, devices and standard output are written directly. Control and render
 * threads.
 */
#ifndef F4E_OUTFILE_H
#define F4E_OUTFILE_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct outfile {
    const char *path; /* as typed; the caller's */
    FILE *file;       /* NULL: not open */
    char *target;     /* the same without links; NULL: written directly ... */
    char *temporary;  /* ... else the name while it is written */
    int slot;         /* index into the list of outfile_remove_all() */
    bool is_durable;  /* set by the caller: fsync() before the rename */
};

/*
 * Where a file of this name is or would be: the end of all symbolic links,
 * also of one that leads nowhere yet. free() it. NULL with errno.
 */
char *outfile_follow(const char *path);

/* "-" is standard output. Fails with STATUS_FILE, as all functions here. */
F4E_MUST_CHECK bool outfile_open(struct outfile *out, const char *path,
                                 struct failure *failure);

/*
 * Whether a file could be written there, which is better known before an hour's
 * work than after it; leaves what is there as it is. Says yes of pipes and
 * devices.
 */
F4E_MUST_CHECK bool outfile_probe(const char *path, struct failure *failure);

F4E_MUST_CHECK bool outfile_write(struct outfile *out, const void *data,
                                  size_t bytes, struct failure *failure);

/* Overwrite 'bytes' at the start. Leaves a file that cannot seek as it is. */
F4E_MUST_CHECK bool outfile_patch(struct outfile *out, const void *data,
                                  size_t bytes, struct failure *failure);

/*
 * Complete the file and rename it to its path. Closes it in any case; on
 * failure the file is removed. Does nothing when it is not open.
 */
F4E_MUST_CHECK bool outfile_close(struct outfile *out, struct failure *failure);

/* After a failed write: truncate the file to 'bytes' bytes. */
F4E_MUST_CHECK bool outfile_cut(struct outfile *out, uint64_t bytes,
                                struct failure *failure);

/* outfile_remove_all() does not remove the temporary file. */
void outfile_spare(struct outfile *out);

/* Close and remove a file that will not be completed. */
void outfile_discard(struct outfile *out);

/* Remove all temporary files. Safe in a signal handler. */
void outfile_remove_all(void);

#endif
