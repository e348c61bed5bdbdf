/* SPDX-License-Identifier: MIT */
/* --help, --version, --info, --list-devices and --list-midi. */
#ifndef F4E_INFORMATION_H
#define F4E_INFORMATION_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

/* Print what the options ask for, to standard output. */
void information_print(const struct f4e_patch *patch, const char *program,
                       const struct options *options, struct failure *failure);

#endif
