/* SPDX-License-Identifier: MIT */
/* Checks of the files that a build reads and writes, before it does any work.
 */
#ifndef F4E_OUTPUT_CHECK_H
#define F4E_OUTPUT_CHECK_H

#include "options/options.h"

/*
 * Fails (input) when a file to read is missing; (usage) when the output is an
 * input, or a folder with files of another origin; (system) when it cannot be
 * written or is not a regular file.
 */
F4E_MUST_CHECK bool output_check(const struct options *options,
                                 struct arena *arena, struct diag *diag);

/* The same for assets that were found by their names, once they are known: the
 * build replaces none of them. Fails (usage). */
F4E_MUST_CHECK bool output_check_assets(const struct options *options,
                                        const struct patch_asset *assets,
                                        uint32_t count, struct arena *arena,
                                        struct diag *diag);

/* The same for a file whose name is derived from the output's. Fails (usage)
 * when 'path' is an input. */
F4E_MUST_CHECK bool output_check_product(const struct options *options,
                                         const char *path, struct arena *arena,
                                         struct diag *diag);

#endif
