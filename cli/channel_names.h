/* SPDX-License-Identifier: MIT */
/* Resolving --out and --in that name variables. */
#ifndef F4E_CHANNEL_NAMES_H
#define F4E_CHANNEL_NAMES_H

#include "describe/manifest.h"
#include "options/options.h"

/*
 * Resolve the 'count' channels of '--option' to addresses in 'list'. 'manifest'
 * has the variables; NULL: there are none. Fails (usage) for a name that is not
 * a variable of memory 0.
 */
F4E_MUST_CHECK bool
channel_names_resolve(struct describe_channel *list, const char *option,
                      const struct option_channel *given, uint32_t count,
                      const struct manifest *manifest, struct diag *diag);

#endif
