/* SPDX-License-Identifier: MIT */
/* --midi and --midi-loop: the file that the patch is played from. Control
 * thread. */
#ifndef F4E_SMF_LOAD_H
#define F4E_SMF_LOAD_H

#include "options/settings.h"
#include "smf/smf_read.h"

#include <stdio.h>

/*
 * The file of the options, if there is one, as what the engine plays: with its
 * ports as the patch has them, and what ends its notes when it is repeated.
 * STATUS_FILE and STATUS_USAGE.
 */
F4E_MUST_CHECK bool smf_load(struct smf *smf, struct sequence *sequence,
                             const struct f4e_patch *patch,
                             const struct options *options,
                             struct failure *failure);

/* A line about it, when there is one. */
void smf_describe(const struct smf *smf, const struct f4e_patch *patch,
                  const struct options *options);

#endif
