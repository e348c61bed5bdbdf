/* SPDX-License-Identifier: MIT */
/*
 * Options about what a patch starts from and who plays on it: states, entries,
 * keyboard, MIDI. A part of options_parse().
 */
#ifndef F4E_OPTIONS_RUN_H
#define F4E_OPTIONS_RUN_H

#include <stdbool.h>

#include "options/options.h"

/* --run-entry. Fails with STATUS_USAGE, as all do here. */
bool options_add_entry(struct options *options, const struct f4e_patch *patch,
                       const char *name, struct failure *failure);

/* --midi-in or --midi-raw. */
bool options_add_midi(struct options *options, const struct f4e_patch *patch,
                      const struct option_row *row, const char *text,
                      struct failure *failure);

/* When all options are known. */
bool options_check_run(struct options *options, const struct f4e_patch *patch,
                       struct failure *failure);

#endif
