/* SPDX-License-Identifier: MIT */
/*
 * Parses the command line of a finished patch. One table (options_internal.h)
 * serves the parser, --help and the test that compares it with
 * docs/f4e-patch.1.
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Parse the command line into '*options'; strings stay the caller's. --seconds
 * and --blocks become frames of the patch. Fails with STATUS_USAGE.
 */
F4E_MUST_CHECK bool options_parse(struct options *options,
                                  const struct f4e_patch *patch, int argc,
                                  char **argv, struct failure *failure);

/* Whether --list, --params or --views is among them. */
bool options_is_names(const struct options *options);

/* Print --help for a program called 'program'. */
void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file);

#endif
