/* SPDX-License-Identifier: MIT */
/* What holds for any bytes that are given as a file of presets. */
#ifndef F4E_CHECK_PRESETS_H
#define F4E_CHECK_PRESETS_H

#include "mutate.h"

/*
 * Read them as presets, and as the setting of a controller. What is accepted is
 * JSON for another reader too; written and read again it gives the same text;
 * all names are in order and there once. Refusals say why, at a line that
 * exists.
 */
enum mutate_result check_presets(const uint8_t *bytes, size_t size,
                                 struct arena *arena, const char **why);

#endif
