/* SPDX-License-Identifier: MIT */
/* What a patch prints instead of playing. Control thread. */
#ifndef F4E_ANSWERS_H
#define F4E_ANSWERS_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

/* --help, --version, --info, --list-midi and --list-devices, to standard
 * output. STATUS_MIDI and STATUS_FILE. */
void answers_print(const struct f4e_patch *patch, const char *program,
                   const struct options *options, struct failure *failure);

/* STATUS_FILE when standard output could not be written, unless whoever read it
 * has seen enough: "--list | head". */
void answers_check(struct failure *failure);

#endif
