/* SPDX-License-Identifier: MIT */
/* Checks of the files that a build reads and writes, before it does any work.
 */
#ifndef F4E_OUTPUT_CHECK_H
#define F4E_OUTPUT_CHECK_H

#include "options/options.h"

/*
 * Fails when a file to read is missing, or when a file to write cannot be
 * written or is not ours to replace: an input, a device, a folder of other
 * files.
 */
F4E_MUST_CHECK bool output_check(const struct options *options,
                                 struct arena *arena, struct diag *diag);

/* The same for assets that were found by their names, once they are known: the
 * build replaces none of them. Fails (usage). */
F4E_MUST_CHECK bool output_check_assets(const struct options *options,
                                        const struct patch_asset *assets,
                                        uint32_t count, struct arena *arena,
                                        struct diag *diag);

/* Whether the build may write 'path' although it makes that name up itself.
 * Fails (usage) when it is a file that the build reads. */
F4E_MUST_CHECK bool output_check_product(const struct options *options,
                                         const char *path, struct arena *arena,
                                         struct diag *diag);

#endif
