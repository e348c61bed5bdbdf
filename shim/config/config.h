/* SPDX-License-Identifier: MIT */
/*
 * Files that keep what a user has made with a patch, at a place of their own
 * unless an option names one. Control thread.
 */
#ifndef F4E_CONFIG_H
#define F4E_CONFIG_H

#include "common/failure.h"
#include "config/json_read.h"
#include "files/outfile.h"

#include <stddef.h>
#include <sys/stat.h>

enum { CONFIG_BYTES_MAX = 16 << 20 };

/* A file, and what it was when it was read last. */
struct config {
    const char *path; /* NULL: there is no place for it */
    char *own_path;   /* the same when it is the default place, else NULL */
    struct stat seen;
    bool is_seen; /* it was there */
};

/*
 * 'path' as an option names it, or NULL for the default place:
 * $XDG_CONFIG_HOME/f4e/NAME.SUFFIX or ~/.config/f4e/NAME.SUFFIX, where
 * file_name.h makes NAME of 'name'.
 */
void config_init(struct config *config, const char *path, const char *name,
                 const char *suffix);

/* Whether the file is another one than was read or written last. */
bool config_has_changed(const struct config *config);

/*
 * Read the file into memory that the caller frees; 'what' begins messages, such
 * as "presets". A file that is not there is empty: '*text' is NULL. Fails with
 * STATUS_FILE.
 */
F4E_MUST_CHECK bool config_read(struct config *config, const char *what,
                                char **text, size_t *size,
                                struct failure *failure);

/* What is wrong with the text: "FILE:3:7: ...", STATUS_FILE. Always false. */
bool config_fail(const struct config *config, const struct json_read *read,
                 struct failure *failure);

/*
 * From here to config_unlock() no other copy of the patch that keeps its work
 * in this file changes it, so that what is read, changed and written loses
 * nothing of what others have written. -1, which config_unlock() takes, when
 * that cannot be had.
 */
int config_lock(const struct config *config);
void config_unlock(int lock);

/* Open it to be written as a whole, and close it. STATUS_FILE. */
F4E_MUST_CHECK bool config_begin(struct config *config, const char *what,
                                 struct outfile *out, struct failure *failure);
F4E_MUST_CHECK bool config_end(struct config *config, struct outfile *out,
                               struct failure *failure);

/* Also for one that is zeroed. */
void config_deinit(struct config *config);

#endif
