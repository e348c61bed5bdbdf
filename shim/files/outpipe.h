/* SPDX-License-Identifier: MIT */
/*
 * Pipes and sockets that are written to: nobody waits for ever, or silently,
 * for who reads them (files/patience.h). For outfile.c.
 */
#ifndef F4E_OUTPIPE_H
#define F4E_OUTPIPE_H

#include "common/attributes.h"

#include <stdio.h>

/* Open a named pipe, once somebody reads it. -1 with errno. */
F4E_MUST_CHECK int outpipe_open(const char *path);

/* A stream on a pipe or socket, which it closes; it cannot seek. 'path' is for
 * messages and stays the caller's. NULL with errno. */
F4E_MUST_CHECK FILE *outpipe_stream(int fd, const char *path);

#endif
