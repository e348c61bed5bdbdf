/* SPDX-License-Identifier: MIT */
/* What "./patch ctl --help" prints. */
#ifndef F4E_CTL_HELP_H
#define F4E_CTL_HELP_H

#include "channel/vocabulary.h"

#include <stdio.h>

/* Options and commands: the channel's own words, and those of 'more'. */
void ctl_help_print(const char *program, const struct word_table *more,
                    FILE *file);

#endif
