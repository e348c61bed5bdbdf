/* SPDX-License-Identifier: MIT */
/*
 * One allocator, one limit, one release. Everything the build tool reads or
 * makes lives in an arena until the program (or the test) is done with it.
 */
#ifndef F4E_ARENA_H
#define F4E_ARENA_H

#include "base/diag.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;

struct arena {
    struct arena_block *blocks;
    size_t used;  /* bytes handed out */
    size_t limit; /* bytes; more is out of memory */
};

/* 'limit' 0 means the default (1 GiB). */
void arena_init(struct arena *arena, size_t limit);
void arena_deinit(struct arena *arena);

/*
 * 'count' zeroed elements of 'size' bytes, aligned for any type. Never NULL:
 * out of memory prints one message and exits with 4, the one place that does.
 * Check counts from a file against the bytes that remain before you ask.
 */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/*
 * Room for one more element behind the 'count' of an array with room for
 * '*capacity' (0: none yet, and 'items' may be NULL): 'items', or a copy with
 * twice the room. Elements have 'size' bytes.
 */
void *arena_grow(struct arena *arena, void *items, uint32_t count,
                 uint32_t *capacity, size_t size);

/* A copy of 'length' bytes with a NUL after them. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* Formatted text in the arena. */
char *arena_format(struct arena *arena, const char *format, ...)
    F4E_PRINTF(2, 3);

#endif
