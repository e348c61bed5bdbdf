/* SPDX-License-Identifier: MIT */
/*
 * Tables of the glue that come from a project or a manifest, as rows of C
 * initialisers: items, parameters, views, MIDI bindings, assets. Empty for a
 * bare module. Results are in the arena.
 */
#ifndef F4E_GLUE_NAMES_H
#define F4E_GLUE_NAMES_H

#include "patch.h"

/* Rows of struct f4e_item. */
const char *glue_items(const struct patch *patch, struct arena *arena);

/* Rows of struct f4e_param. */
const char *glue_params(const struct patch *patch, struct arena *arena);

/* Rows of struct f4e_view. */
const char *glue_views(const struct patch *patch, struct arena *arena);

/*
 * Rows of struct f4e_midi. A callback is an index into the glue's table of
 * exports, which has the exported functions only, in the module's order.
 */
const char *glue_midi(const struct patch *patch, struct arena *arena);

/* Rows of struct f4e_sender. */
const char *glue_senders(const struct patch *patch, struct arena *arena);

/* Definitions of the assets' bytes (.incbin), then the table of assets. */
const char *glue_assets(const struct patch *patch, struct arena *arena);

/*
 * The asset whose file asset 'index' uses: the first one with the same bytes.
 * '*size' is how many bytes of it are used at most.
 */
uint32_t glue_asset_file(const struct patch *patch, uint32_t index,
                         uint32_t *size);

#endif
