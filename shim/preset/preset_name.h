/* SPDX-License-Identifier: MIT */
/* Names of presets as they are typed. Pure functions. */
#ifndef F4E_PRESET_NAME_H
#define F4E_PRESET_NAME_H

#include "common/failure.h"

#include <stdbool.h>

/* A word, or what stands in quotes; ended in place, '*rest' moves behind it.
 * NULL: there is none. */
char *preset_name_take(char **rest);

/* The same for 'preset VERB'. NULL: STATUS_USAGE, it is too long or not there;
 * 'needs' says what is expected then. */
char *preset_name_need(char **rest, const char *verb, const char *needs,
                       struct failure *failure);

/* A name of ours is a text that can be shown and typed, else STATUS_USAGE. */
F4E_MUST_CHECK bool preset_name_check(const char *name,
                                      struct failure *failure);

#endif
