/* SPDX-License-Identifier: MIT */
/*
 * Between read and describe: what is known beside the module. Of these the
 * first that is there speaks, the others are silent:
 *
 *   --project FILE or --manifest FILE
 *   NAME.8f4e beside NAME.wasm
 *   the manifest inside the module (f4e-build embed)
 *
 * --no-project leaves the last two aside.
 *
 * Flags override it value by value; the probe fills what it leaves open.
 */
#ifndef F4E_METADATA_H
#define F4E_METADATA_H

#include "describe/manifest.h"
#include "options/options.h"

struct metadata {
    const struct manifest *manifest;  /* checked; NULL: there is none */
    const struct patch_asset *assets; /* of the manifest and of the flags */
    uint32_t asset_count;
};

/*
 * Find, read and check it, and the assets; give the module's functions their
 * names. Where 'needs_assets', each has to be found. Fails (input) when the
 * text is wrong or, unless --project-check warn, does not belong to the module.
 */
F4E_MUST_CHECK bool metadata_find(struct metadata *metadata,
                                  struct wasm_module *module,
                                  const struct options *options,
                                  bool needs_assets, struct arena *arena,
                                  struct diag *diag);

/* The project that is taken by itself, "dir/NAME.8f4e", or NULL. In the arena.
 */
const char *project_beside(const struct options *options, struct arena *arena);

#endif
