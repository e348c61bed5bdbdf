/* SPDX-License-Identifier: MIT */
/*
 * One private temporary directory per run: mode 0700, under TMPDIR, and TMPDIR
 * itself for every tool that runs meanwhile, so that nothing of theirs stays
 * either.
 *
 *   none ── workdir_create ──> live ── workdir_keep ──> kept
 *                               └──── workdir_remove ──> none
 *
 * Signals are handled in process.h: they unwind to the caller, which removes.
 * exit() removes it too; the arena's text of the path must live until then, or
 * until remove. One directory at a time.
 */
#ifndef F4E_WORKDIR_H
#define F4E_WORKDIR_H

#include "base/arena.h"

struct workdir {
    const char *path; /* absolute; NULL while there is none */
};

/* Make the directory. Fails (system). */
F4E_MUST_CHECK bool workdir_create(struct workdir *workdir, struct arena *arena,
                                   struct diag *diag);

/* Path of 'name' inside the directory. In the arena. */
const char *workdir_path(const struct workdir *workdir, const char *name,
                         struct arena *arena);

/* From now on workdir_remove() leaves it alone. Returns its path. */
const char *workdir_keep(struct workdir *workdir);

/* Remove it and everything in it. Harmless when there is none. */
void workdir_remove(struct workdir *workdir);

#endif
