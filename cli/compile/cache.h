/* SPDX-License-Identifier: MIT */
/*
 * Compiled shim objects, kept between builds: the shim is the same for every
 * patch that is built with the same compiler and flags. Objects lie under
 * $XDG_CACHE_HOME/f4e-build (else ~/.cache/f4e-build) in a folder named by a
 * hash of everything that they depend on: compiler, flags, CPU, every source
 * and header. They appear by rename, so builds may run side by side. Nothing
 * here fails: without a usable folder there is no cache.
 *
 * Nothing in the folder is believed: each file begins with its size and a hash
 * of its name and bytes, and one that does not fit is as good as none.
 */
#ifndef F4E_CACHE_H
#define F4E_CACHE_H

#include "base/arena.h"

struct cache {
    const char *directory; /* NULL: no cache */
};

/*
 * 'flags' are the compiler's arguments without the names of files, the compiler
 * first, NULL-terminated; 'is_native' when they depend on this machine's CPU;
 * 'data_dir' holds shim/.
 * With 'text', which may be NULL, the folder is for whatever depends on the
 * text as well.
 */
void cache_open(struct cache *cache, const char *const *flags, bool is_native,
                const char *data_dir, const char *text, struct arena *arena);

/* The bytes kept as 'name', in the arena with a NUL behind them. False when
 * there are none, or damaged ones. */
bool cache_read(const struct cache *cache, const char *name,
                const uint8_t **bytes, size_t *size, struct arena *arena);

/* Put what is kept as 'name' into the file at 'path'. False as above, or when
 * it cannot be written. */
bool cache_fetch(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena);

/* Keep the bytes as 'name', in place of what is there. */
void cache_keep(const struct cache *cache, const char *name, const void *bytes,
                size_t size, struct arena *arena);

/* The same for the bytes of the file at 'path'. */
void cache_store(const struct cache *cache, const char *name, const char *path,
                 struct arena *arena);

#endif
