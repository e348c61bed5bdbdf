/* SPDX-License-Identifier: MIT */
/* `f4e-build embed`: a module that carries its manifest and its assets. */
#ifndef F4E_EMBED_H
#define F4E_EMBED_H

#include "patch.h"

/*
 * Write the module of 'patch' to 'output' with what is known about it, in
 * place of what an earlier embed put there. Fails (input) when it would exceed
 * 'limit' bytes, (system) when it cannot be written.
 */
F4E_MUST_CHECK bool embed_write(const struct patch *patch, const char *output,
                                size_t limit, size_t *size, struct arena *arena,
                                struct diag *diag);

#endif
