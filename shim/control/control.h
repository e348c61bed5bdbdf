/* SPDX-License-Identifier: MIT */
/*
 * All ways in which a user reaches the patch's variables: --set, --load,
 * --script, --watch, --control, --list and --params. Control thread.
 */
#ifndef F4E_REMOTE_H
#define F4E_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/failure.h"
#include "control/console.h"
#include "control/script.h"
#include "control/watch.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/stats.h"

struct remote {
    const struct options *options;
    struct script script;
    struct watch watch;
    struct console console;
    bool has_console;  /* it is open */
    uint8_t *defaults; /* of all items; NULL unless they are shown */
    uint64_t start_ns;
};

/*
 * Read and check everything, over zeroed storage, and attach it to the engine
 * (initialised, not started).
 */
F4E_MUST_CHECK bool remote_open(struct remote *remote, struct engine *engine,
                                const struct options *options,
                                const char *program, struct failure *failure);

/* Open what --control names, if it does. STATUS_FILE: it is not there. */
bool remote_listen(struct remote *remote, struct engine *engine,
                   struct failure *failure);

/* The patch is loaded and holds its defaults: remember them. */
F4E_MUST_CHECK bool remote_remember(struct remote *remote,
                                    const struct engine *engine,
                                    struct failure *failure);

/*
 * A state may have been loaded: make the settings, which from then on are part
 * of every start.
 */
void remote_set(struct remote *remote, struct engine *engine);

/* --list or --params, to standard output. */
bool remote_print(const struct remote *remote, const struct f4e_patch *patch,
                  struct failure *failure);

/* While it plays: the audio thread starts. */
void remote_start(struct remote *remote);

/* Show what is watched of a render; 'context' is the struct remote. For
 * audio->before_block. */
void remote_before_block(void *context, uint64_t block);

/* The input to poll() for, or -1, and how long to wait at most. */
int remote_fd(const struct remote *remote);
int remote_wait_ms(const struct remote *remote, int most_ms);

/* Do and show what is due. True when the user wants the end, or nobody sees
 * any more what is watched. */
bool remote_pump(struct remote *remote, const struct stats *stats);

/* Could everything be shown to the end? A reader that has seen enough is no
 * failure. STATUS_FILE. */
bool remote_check(const struct remote *remote, struct failure *failure);

/* After the audio thread has ended; also after a failure to open. */
void remote_close(struct remote *remote);

#endif
