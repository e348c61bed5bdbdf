/* SPDX-License-Identifier: MIT */
/* --out and --in by the names of variables. */
#ifndef F4E_CHANNEL_NAMES_H
#define F4E_CHANNEL_NAMES_H

#include "describe/manifest.h"
#include "options/options.h"

/*
 * Look up where the channels of '--option' lie: 'list' has room for 'count'.
 * 'manifest' knows the variables; NULL: nothing does. Fails (usage) for a name
 * that is not one of a variable in the first memory.
 */
F4E_MUST_CHECK bool
channel_names_resolve(struct describe_channel *list, const char *option,
                      const struct option_channel *given, uint32_t count,
                      const struct manifest *manifest, struct diag *diag);

#endif
