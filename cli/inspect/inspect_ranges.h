/* SPDX-License-Identifier: MIT */
/* `inspect --ranges`: the proven address range of each load and store, or why
 * there is none. */
#ifndef F4E_INSPECT_RANGES_H
#define F4E_INSPECT_RANGES_H

#include "inspect/inspect_internal.h"

#include <cjson/cJSON.h>

/* One line for each load or store whose address is not a constant. */
void inspect_ranges_text(const struct inspection *inspection, FILE *stream,
                         struct arena *arena);

/* The same as an object "ranges" of 'root'. */
void inspect_ranges_json(const struct inspection *inspection, cJSON *root,
                         struct arena *arena);

#endif
