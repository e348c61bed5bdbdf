/* SPDX-License-Identifier: MIT */
/*
 * A file that is read once, from its beginning: a plain one, a pipe, a device,
 * or "-", standard input. Nobody waits for ever, or silently, for the first
 * byte of a pipe (files/patience.h). Any thread, one at a time.
 */
#ifndef F4E_INFILE_H
#define F4E_INFILE_H

#include "common/failure.h"

#include <stdio.h>

/* fclose() it. Only plain files can seek. NULL: STATUS_FILE. */
F4E_MUST_CHECK FILE *infile_open(const char *path, struct failure *failure);

/* What to call it in a message. */
const char *infile_name(const char *path);

#endif
