/* SPDX-License-Identifier: MIT */
/*
 * A stub of libasound.so.2 for link time, where the target's library is not
 * installed: every function of alsa-lib with its symbol version and an empty
 * body. At run time the dynamic linker loads the real library.
 */
#ifndef F4E_ALSA_STUB_H
#define F4E_ALSA_STUB_H

#include "base/arena.h"

/* Names in the work directory. */
#define ALSA_STUB_SOURCE  "alsa_stub.c"
#define ALSA_STUB_LIBRARY "libasound.so"

/* Write the stub's C source to 'directory' from the symbol list in 'data_dir'.
 * Fails (tool) when the list is damaged. */
F4E_MUST_CHECK bool alsa_stub_write(const char *data_dir, const char *directory,
                                    struct arena *arena, struct diag *diag);

#endif
