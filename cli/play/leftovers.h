/* SPDX-License-Identifier: MIT */
/*
 * The folder of a run of play is locked as long as the run lives. One that is
 * not locked any more was left behind by a run that was killed.
 */
#ifndef F4E_PLAY_LEFTOVERS_H
#define F4E_PLAY_LEFTOVERS_H

#include "base/arena.h"

/* Remove the folders of runs that were killed. */
void leftovers_remove(struct arena *arena);

/* Lock the folder of this run, for as long as the process lives. Fails
 * (system). */
F4E_MUST_CHECK bool leftovers_lock(const char *folder, struct arena *arena,
                                   struct diag *diag);

#endif
