/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for libasound.so.2 to link with when the target's own is not
 * there: every function of alsa-lib with its symbol version and nothing in it.
 * The executable then takes the real library of the machine that it runs on.
 */
#ifndef F4E_ALSA_STUB_H
#define F4E_ALSA_STUB_H

#include "base/arena.h"

/* Names in the work directory. */
#define ALSA_STUB_SOURCE  "alsa_stub.c"
#define ALSA_STUB_LIBRARY "libasound.so"

/* Write the C source of the stand-in from the list in 'data_dir'. Fails (tool)
 * when the list is damaged. */
F4E_MUST_CHECK bool alsa_stub_write(const char *data_dir, const char *directory,
                                    struct arena *arena, struct diag *diag);

#endif
