/* SPDX-License-Identifier: MIT */
/* A queue of bytes that grows. Any thread, one at a time. */
#ifndef F4E_BYTES_H
#define F4E_BYTES_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>

/* Zeroed: empty. */
struct bytes {
    char *data;
    size_t start;
    size_t end;
    size_t capacity;
};

/* At the end. False: no memory; the queue is as before. */
F4E_MUST_CHECK bool bytes_add(struct bytes *bytes, const void *data,
                              size_t count);

/* Room for 'count' bytes behind the end, or NULL. */
char *bytes_reserve(struct bytes *bytes, size_t count);

/* Drop bytes at the start; memory of an empty queue that was long is freed. */
void bytes_drop(struct bytes *bytes, size_t count);

void bytes_free(struct bytes *bytes);

static inline size_t bytes_count(const struct bytes *bytes)
{
    return bytes->end - bytes->start;
}

#endif
