/* SPDX-License-Identifier: MIT */
/*
 * Region allocator with a size limit: all memory is released at once. Results
 * documented as "in the arena" live until arena_deinit(). Not thread-safe.
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
 * out of memory, or an overflow of the product, prints a message and exits with
 * status 4. Callers bound counts from a file by the bytes that remain.
 */
void *arena_alloc(struct arena *arena, size_t count, size_t size);

/*
 * Grow an array to hold at least 'count' + 1 elements of 'size' bytes. Returns
 * 'items', or a copy with at least twice the capacity. Starts with 'items' NULL
 * and '*capacity' 0.
 */
void *arena_grow(struct arena *arena, void *items, uint32_t count,
                 uint32_t *capacity, size_t size);

/* A copy of 'length' bytes with a NUL after them. */
char *arena_copy(struct arena *arena, const void *bytes, size_t length);

/* Formatted text in the arena. */
char *arena_format(struct arena *arena, const char *format, ...)
    F4E_PRINTF(2, 3);

#endif
