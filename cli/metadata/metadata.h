/* SPDX-License-Identifier: MIT */
/*
 * Stage 'metadata': the project or manifest of a module, and its assets. The
 * first source that exists is used, and no other:
 *
 *   --project FILE or --manifest FILE
 *   NAME.8f4e beside NAME.wasm         (not with --no-project)
 *   the manifest embedded in the module (not with --no-project)
 *
 * In describe, flags override its values one by one and the probe supplies
 * missing ones.
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
 * Find, read and check the metadata and the assets, and set debug names of the
 * module's functions. Fails (input) when the text is wrong; when it does not
 * match the module, unless --project-check warn; with 'needs_assets', when an
 * asset is not found.
 */
F4E_MUST_CHECK bool metadata_find(struct metadata *metadata,
                                  struct wasm_module *module,
                                  const struct options *options,
                                  bool needs_assets, struct arena *arena,
                                  struct diag *diag);

/* "dir/NAME.8f4e" when it exists and is used by default, else NULL. In the
 * arena. */
const char *project_beside(const struct options *options, struct arena *arena);

#endif
