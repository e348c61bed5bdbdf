/* SPDX-License-Identifier: MIT */
/* `f4e-build embed`: a module with its manifest and assets in custom sections.
 */
#ifndef F4E_EMBED_H
#define F4E_EMBED_H

#include "patch.h"

/*
 * Write the module of 'patch' to 'output' with the manifest and assets of the
 * patch, which replace embedded ones. '*size' is its size in bytes. Fails
 * (input) when that would exceed 'limit' bytes, (system) when it cannot be
 * written.
 */
F4E_MUST_CHECK bool embed_write(const struct patch *patch, const char *output,
                                size_t limit, size_t *size, struct arena *arena,
                                struct diag *diag);

#endif
