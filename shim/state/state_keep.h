/* SPDX-License-Identifier: MIT */
/*
 * When state files are read and written in the life of a program: --state,
 * --load-state and --save-state. Control thread.
 */
#ifndef F4E_STATE_KEEP_H
#define F4E_STATE_KEEP_H

#include <stdbool.h>

#include "common/failure.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "state/state.h"

struct state_keep {
    /* Set by the caller, all of them. */
    const char *program;
    const struct options *options;
    struct engine *engine;

    struct state_picture picture; /* its own */
};

/*
 * The patch is loaded and does not run: put an old state into it, and get what
 * is needed to save one while it plays. A file of --state that does not fit, or
 * cannot be written later, is told and put aside; it is no failure.
 */
F4E_MUST_CHECK bool state_keep_begin(struct state_keep *keep,
                                     struct failure *failure);

/* SIGUSR2: save while the audio thread runs, and tell. */
void state_keep_now(struct state_keep *keep);

/* Save to any file while the audio thread runs. STATUS_FILE. */
F4E_MUST_CHECK bool state_keep_to(struct state_keep *keep, const char *path,
                                  struct failure *failure);

/*
 * No block runs any more; 'has_run': one did, and nothing trapped. Saves and
 * releases everything.
 */
bool state_keep_end(struct state_keep *keep, bool has_run,
                    struct failure *failure);

#endif
