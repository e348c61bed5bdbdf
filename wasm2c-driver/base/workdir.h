/* SPDX-License-Identifier: MIT */
/*
 * The private temporary directory of a run: mode 0700, under TMPDIR. It becomes
 * TMPDIR of the child processes, so that their files are removed with it.
 *
 *   none ── workdir_create ──> live ── workdir_keep ──> kept
 *                               └──── workdir_remove ──> none
 *
 * On a signal (process.h) the caller unwinds and removes it; exit() removes it
 * too, so the arena must live until one of them. One directory at a time.
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

/* Once a build has failed, before it is removed: if the file system is full,
 * that is the report, in place of what a tool made of it. */
void workdir_explain(const struct workdir *workdir, struct diag *diag);

/* Exempt it from removal. Returns its path. */
const char *workdir_keep(struct workdir *workdir);

/* Remove it recursively; does nothing when there is none. */
void workdir_remove(struct workdir *workdir);

/* The same for such a directory of a run that was killed. What cannot be
 * removed stays. */
void workdir_remove_left(const char *path);

#endif
