/* SPDX-License-Identifier: MIT */
/*
 * Compiled shim objects, kept between builds: the shim is the same for every
 * patch that is built with the same compiler and flags. Objects lie under
 * $XDG_CACHE_HOME/f4e-build (else ~/.cache/f4e-build) in a folder named by a
 * hash of everything that they depend on: compiler, flags, CPU, every source
 * and header. Objects appear by rename, so concurrent builds are safe. No
 * function fails: without a usable folder there is no cache.
 *
 * The folder is untrusted: each file begins with its size and a hash of its
 * name and bytes; one that does not match counts as missing.
 */
#ifndef F4E_CACHE_H
#define F4E_CACHE_H

#include "base/arena.h"

struct cache {
    const char *directory; /* NULL: no cache */
};

/*
 * 'flags' are the compiler's arguments without the names of files, the compiler
 * first, NULL-terminated; 'proper' is the program that this one starts, or
 * NULL; 'is_native' when they depend on this machine's CPU;
 * 'data_dir' holds shim/.
 * 'text', or NULL, becomes part of the hash.
 */
void cache_open(struct cache *cache, const char *const *flags,
                const char *proper, bool is_native, const char *data_dir,
                const char *text, struct arena *arena);

/* The entry 'name', in the arena with a NUL after it. False when it is missing
 * or damaged. */
bool cache_read(const struct cache *cache, const char *name,
                const uint8_t **bytes, size_t *size, struct arena *arena);

/* Copy the entry 'name' to the file at 'path'. False as above, or when it
 * cannot be written. */
bool cache_fetch(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena);

/* Store the bytes as the entry 'name', which they replace. */
void cache_keep(const struct cache *cache, const char *name, const void *bytes,
                size_t size, struct arena *arena);

/* The same with the contents of the file at 'path'. */
void cache_store(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena);

#endif
