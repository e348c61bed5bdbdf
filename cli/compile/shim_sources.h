/* SPDX-License-Identifier: MIT */
/*
 * The list of the shim's installed files: what a build compiles, a bundle
 * copies, and the cache and a depfile depend on.
 */
#ifndef F4E_SHIM_SOURCES_H
#define F4E_SHIM_SOURCES_H

#include "base/arena.h"

/* Names below the folder "shim", with '/'. */
struct shim_sources {
    const char *const *names;
    size_t count;
};

/*
 * The sources that are compiled, in the order of their list: "SOURCES" for an
 * executable, "SOURCES.library" for an object. Fails (tool) when the list in
 * 'data_dir' is missing or has more than SHIM_SOURCES_MAX.
 */
F4E_MUST_CHECK bool shim_sources_list(struct shim_sources *sources,
                                      const char *data_dir, bool is_library,
                                      struct arena *arena, struct diag *diag);

enum { SHIM_SOURCES_MAX = 256 };

/*
 * Every file in the folder and in those below it that a compiled object depends
 * on: lists, sources, headers and the symbol versions of alsa-lib, sorted by
 * bytes. Fails (tool) when there are none.
 */
F4E_MUST_CHECK bool shim_sources_all(struct shim_sources *sources,
                                     const char *data_dir, struct arena *arena,
                                     struct diag *diag);

/* Whether a name is one of a C header. */
bool shim_sources_is_header(const char *name);

/* Whether a source is of the inner part of the audio thread and compiled for
 * speed; the rest, most of an executable, is compiled for size. */
bool shim_sources_is_hot(const char *name);

#endif
