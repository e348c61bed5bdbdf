/* SPDX-License-Identifier: MIT */
/* What a patch prints instead of playing. Before there are other threads. */
#ifndef F4E_INFORMATION_H
#define F4E_INFORMATION_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

/* Print what options_is_information() names to standard output. Fails as
 * failure_check_output() and midi_ports_list() do. */
void information_print(const struct f4e_patch *patch, const char *program,
                       const struct options *options, struct failure *failure);

#endif
