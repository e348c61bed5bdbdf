/* SPDX-License-Identifier: MIT */
/* Growable byte string in an arena, always NUL-terminated. No function fails:
 * see arena_alloc(). */
#ifndef F4E_BUF_H
#define F4E_BUF_H

#include "base/arena.h"

struct buf {
    struct arena *arena;  /* where the bytes live */
    unsigned char *bytes; /* 'length' bytes and a NUL; NULL while empty */
    size_t length;
    size_t capacity;
};

void buf_init(struct buf *buf, struct arena *arena);
void buf_add(struct buf *buf, const void *bytes, size_t length);
void buf_byte(struct buf *buf, unsigned byte);
void buf_text(struct buf *buf, const char *text);
void buf_format(struct buf *buf, const char *format, ...) F4E_PRINTF(2, 3);

/* The text so far; "" while empty. */
const char *buf_string(const struct buf *buf);

#endif
