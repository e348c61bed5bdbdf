/* SPDX-License-Identifier: MIT */
/* --depfile: the prerequisites of a build as one rule for make and ninja. */
#ifndef F4E_DEPFILE_H
#define F4E_DEPFILE_H

#include "compile/toolchain.h"
#include "options/options.h"

/*
 * Write "output: input…" to options->depfile: the module, project or manifest,
 * assets, the script, the file of --import-c and what it includes, the shim's
 * sources and this program. 'directory' holds the generated files. Fails
 * (system).
 */
F4E_MUST_CHECK bool depfile_write(const struct options *options,
                                  const struct patch *patch,
                                  const struct toolchain *toolchain,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

/* Append 'path', escaped for a rule of make and ninja. */
void depfile_add_path(struct buf *rule, const char *path);

#endif
