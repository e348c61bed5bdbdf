/* SPDX-License-Identifier: MIT */
/* Variables that a user may have meant, for "did you mean" hints. */
#ifndef F4E_ITEM_NEAR_H
#define F4E_ITEM_NEAR_H

#include "describe/manifest.h"

/*
 * The full name of the variable that 'name' is, without its module, or nearly
 * is; NULL when none comes near. The manifest's.
 */
const char *item_near(const struct manifest *manifest, const char *name);

#endif
