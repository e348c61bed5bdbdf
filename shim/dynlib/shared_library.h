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

/* What a list of functions becomes, X(NAME) for each. */
#define SHARED_NAME(name) #name "\0"

/*
 * Open the library for good and look its functions up: 'names' one behind the
 * other, without what all of the library begin with, and an empty one; the
 * offsets are those of pointers to them in 'functions'. What is missing is
 * STATUS_LIBRARY, with the command that installs it as a hint.
 */
F4E_MUST_CHECK bool shared_library_open(enum shared_library library,
                                        const char *names,
                                        const uint16_t *offsets,
                                        void *functions,
                                        struct failure *failure);

#endif
