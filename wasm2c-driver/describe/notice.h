/* SPDX-License-Identifier: MIT */
/* What the user should hear about although nothing is wrong. */
#ifndef F4E_NOTICE_H
#define F4E_NOTICE_H

#include "patch.h"

/* Append to patch->notices. Worded like an error: lower case, no full stop. */
void patch_notice(struct patch *patch, struct arena *arena, const char *format,
                  ...) F4E_PRINTF(3, 4);

#endif
