/* SPDX-License-Identifier: MIT */
/* Notices: information for the user that is not an error. */
#ifndef F4E_NOTICE_H
#define F4E_NOTICE_H

#include "patch.h"

/* Append to patch->notices. Lower case, no full stop, like an error. */
void patch_notice(struct patch *patch, struct arena *arena, const char *format,
                  ...) F4E_PRINTF(3, 4);

#endif
