/* SPDX-License-Identifier: MIT */
/* Options that ask for something to read, and for nothing else. */
#ifndef F4E_INFORMATION_H
#define F4E_INFORMATION_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

#include <stdbool.h>

/* Whether there is one of --help, --version, --info, --list-devices and
 * --list-midi. */
bool information_is_wanted(const struct options *options);

/* To standard output. */
void information_print(const struct f4e_patch *patch, const char *program,
                       const struct options *options, struct failure *failure);

#endif
