/* SPDX-License-Identifier: MIT */
/*
 * Sources of the shim that many patches have no use for, because the options
 * that need them are refused: they are left out of those executables. What of
 * the rest only these parts call, the linker leaves out.
 */
#ifndef F4E_SHIM_PARTS_H
#define F4E_SHIM_PARTS_H

#include "patch.h"

#include <stdbool.h>

/* For the compiler: F4E_OPTIONAL() of shim/optional.h means it. */
#define SHIM_PARTS_FLAG "-DF4E_HAS_OPTIONAL_PARTS"

/* Whether the patch needs the source of this name ("midi/midi_send.c"); true
 * for every source that is not of such a part. */
bool shim_parts_needs(const struct patch *patch, const char *source);

/* The names, one for each 'index' from 0 on, then NULL. */
const char *shim_parts_name(unsigned index);

#endif
