/* SPDX-License-Identifier: MIT */
/*
 * --state, --load-state, --save-state and SIGUSR2: when state files are read
 * and written. Control thread.
 */
#ifndef F4E_STATE_KEEP_H
#define F4E_STATE_KEEP_H

#include "common/failure.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "state/state.h"

#include <stdbool.h>

struct state_keep {
    /* Set by the caller, all of them. */
    const struct options *options;
    struct engine *engine;
    bool is_service; /* nobody is there who could give another name */

    /* Its own. */
    struct memory_snapshot snapshot;
    bool is_barred; /* what the file holds could be saved nowhere else */
};

/*
 * The patch is loaded and does not run: load the state, and allocate what
 * saving while it plays needs. Fails with STATUS_FILE or STATUS_INTERNAL. A
 * file of --state that does not fit is reported and put aside, and never
 * overwritten where that cannot be done; one that cannot be written later is
 * reported, as is that of --save-state of a service. That is no failure.
 */
F4E_MUST_CHECK bool state_keep_begin(struct state_keep *keep,
                                     struct failure *failure);

/* SIGUSR2: save while the audio thread runs; print a line about it. */
void state_keep_now(struct state_keep *keep);

/* Save to 'path' while the audio thread runs. Fails with STATUS_FILE. */
F4E_MUST_CHECK bool state_keep_to(struct state_keep *keep, const char *path,
                                  struct failure *failure);

/* The code was exchanged, and memories may have other sizes: make room for
 * them, now or when it is needed. */
void state_keep_follow(struct state_keep *keep);

/*
 * No block runs any more. Save if 'has_run': blocks ran and none trapped. Frees
 * everything. Fails with STATUS_FILE.
 */
F4E_MUST_CHECK bool state_keep_end(struct state_keep *keep, bool has_run,
                                   struct failure *failure);

#endif
