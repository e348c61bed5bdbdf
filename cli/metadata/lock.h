/* SPDX-License-Identifier: MIT */
/*
 * Lock files: what was fetched for a text, `patch.8f4e.lock` beside it. UTF-8
 * lines; the first is "f4e-lock 1", each other one an asset:
 *
 *   SHA-256 in 64 digits, TAB, bytes, TAB, file name, TAB, URL
 *
 * Empty lines and lines that begin with # say nothing.
 */
#ifndef F4E_LOCK_H
#define F4E_LOCK_H

#include "base/arena.h"

enum {
    LOCK_MAX_BYTES = 4 << 20,
    LOCK_MAX_ENTRIES = 4096,
};

struct lock_entry {
    const char *sha256; /* 64 digits in lower case */
    uint64_t size;      /* bytes */
    const char *name;   /* of the file, beside the text */
    const char *url;
};

struct lock {
    struct lock_entry *entries; /* in the order of the file */
    uint32_t count;
    uint32_t capacity;
};

/* "dir/patch.8f4e" → "dir/patch.8f4e.lock". In the arena. */
const char *lock_name(const char *text, struct arena *arena);

/* Read it; without a file there are no entries. Fails (input, with a line) when
 * it is not such a file. */
F4E_MUST_CHECK bool lock_read(struct lock *lock, const char *path,
                              struct arena *arena, struct diag *diag);

/* The entry of a URL, or NULL. */
const struct lock_entry *lock_find(const struct lock *lock, const char *url);

/* Add an entry, or replace the one of that URL. */
void lock_set(struct lock *lock, const struct lock_entry *entry,
              struct arena *arena);

/* Write it, complete or not at all. Fails (system). */
F4E_MUST_CHECK bool lock_write(const struct lock *lock, const char *path,
                               struct arena *arena, struct diag *diag);

#endif
