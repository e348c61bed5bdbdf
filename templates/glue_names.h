/* SPDX-License-Identifier: MIT */
/*
 * The part of the glue that a project text or a manifest fills: named items,
 * controls and MIDI bindings. Rows of C tables; empty for a bare module.
 */
#ifndef F4E_GLUE_NAMES_H
#define F4E_GLUE_NAMES_H

#include "patch.h"

/* Rows of struct f4e_item. */
const char *glue_items(const struct patch *patch, struct arena *arena);

/* Rows of struct f4e_param. */
const char *glue_params(const struct patch *patch, struct arena *arena);

/*
 * Rows of struct f4e_midi. The table of exports holds the exported functions
 * only, in the module's order; each callback is one of them.
 */
const char *glue_midi(const struct patch *patch, struct arena *arena);

/* Definitions of the assets' bytes (.incbin), then the table of assets. */
const char *glue_assets(const struct patch *patch, struct arena *arena);

/*
 * Which assets need a file: the index of the first one with the same bytes,
 * and how many of them are placed at most by any of those.
 */
uint32_t glue_asset_file(const struct patch *patch, uint32_t index,
                         uint32_t *size);

#endif
