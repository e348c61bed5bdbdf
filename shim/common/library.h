/* SPDX-License-Identifier: MIT */
/*
 * Libraries that only some options need: opened at run time, so that a patch
 * depends on libc and alsa-lib alone. One table has their names and packages.
 */
#ifndef F4E_LIBRARY_H
#define F4E_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/failure.h"

enum library { LIBRARY_MICROHTTPD, LIBRARY_LIBLO, LIBRARY_JACK, LIBRARY_COUNT };

/* A function, and where its address goes. */
struct library_symbol {
    const char *name;
    size_t offset; /* of a pointer to a function in 'functions' */
};

/*
 * Open the library for good and look its functions up. What is missing is
 * STATUS_LIBRARY, with the command that installs it as a hint.
 */
F4E_MUST_CHECK bool library_open(enum library library,
                                 const struct library_symbol *symbols,
                                 size_t count, void *functions,
                                 struct failure *failure);

#endif
