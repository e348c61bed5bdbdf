/* SPDX-License-Identifier: MIT */
/*
 * Libraries that only some options need: opened at run time, so that a patch
 * depends on libc and alsa-lib alone. One table has their names and packages.
 */
#ifndef F4E_SHARED_LIBRARY_H
#define F4E_SHARED_LIBRARY_H

#include "common/failure.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum shared_library {
    LIBRARY_MICROHTTPD,
    LIBRARY_LIBLO,
    LIBRARY_JACK,
    LIBRARY_COUNT
};

/* A function, and where its address goes. The name is in place: a pointer to it
 * would be relocated at every start. */
struct shared_symbol {
    char name[32];   /* without what all names of the library begin with */
    uint16_t offset; /* of a pointer to a function in 'functions' */
};

/*
 * Open the library for good and look its functions up. What is missing is
 * STATUS_LIBRARY, with the command that installs it as a hint.
 */
F4E_MUST_CHECK bool shared_library_open(enum shared_library library,
                                        const struct shared_symbol *symbols,
                                        size_t count, void *functions,
                                        struct failure *failure);

#endif
