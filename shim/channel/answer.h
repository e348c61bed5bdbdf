/* SPDX-License-Identifier: MIT */
/* The answer to a request. Control thread. */
#ifndef F4E_ANSWER_H
#define F4E_ANSWER_H

#include "channel/client.h"
#include "common/failure.h"

#include <stddef.h>

/*
 * Answer the request under way: with 'members', ",\"name\":value..." of
 * 'bytes' bytes, or with what failed. A client without JSON gets the members
 * as they are; what failed is printed with the number of the line. Returns the
 * bytes of JSON that were queued.
 */
size_t answer_send(struct client *client, const struct failure *failure,
                   const char *members, size_t bytes);

/* The text of an answer in JSON with its line feed, from malloc(). 'id' may be
 * NULL. NULL: no memory. */
char *answer_make(const char *id, const struct failure *failure,
                  const char *members, size_t bytes, size_t *size);

#endif
