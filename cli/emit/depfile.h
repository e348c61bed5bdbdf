/* SPDX-License-Identifier: MIT */
/*
 * --depfile: what a build read, as one rule for make and ninja, so that they
 * build again when any of it changes.
 */
#ifndef F4E_DEPFILE_H
#define F4E_DEPFILE_H

#include "compile/toolchain.h"
#include "options/options.h"

/*
 * Write "output: input…" to options->depfile: the module, assets, a script, the
 * file of
 * --import-c with what it includes, the shim's sources and this program.
 * 'directory' is where the generated files are. Fails (system).
 */
F4E_MUST_CHECK bool depfile_write(const struct options *options,
                                  const struct patch *patch,
                                  const struct toolchain *toolchain,
                                  const char *directory, struct arena *arena,
                                  struct diag *diag);

/* Append 'path' as make and ninja want it in a rule. */
void depfile_add_path(struct buf *rule, const char *path);

#endif
