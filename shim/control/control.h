/* SPDX-License-Identifier: MIT */
/*
 * Access to the patch's variables: --set, --load, --script, --watch, --list,
 * --params and --views, in the order of a program's life. Control thread.
 */
#ifndef F4E_CONTROL_H
#define F4E_CONTROL_H

#include "common/failure.h"
#include "control/command.h"
#include "control/script.h"
#include "control/watch.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/stats.h"

#include <stdbool.h>
#include <stdint.h>

struct control {
    const struct options *options;
    /* Set by the caller before control_open(). */
    const struct command_word *words;
    size_t word_count;
    bool (*can_miss)(void *context, const char *option); /* see command.h */
    void *context;
    bool keeps_defaults; /* also where nothing shows them */

    struct script script;
    struct watch watch;
    struct command_reader reader; /* of scripts and of the channel */
    uint8_t *defaults;            /* of all items; NULL unless they are shown */
    uint64_t refused;             /* ramps, as far as it was told */
    uint64_t start_ns;
};

/*
 * Read and check all options, scripts and names, and attach events to the
 * engine, which is initialised and not started. 'control' is zeroed.
 * Fails with STATUS_USAGE or STATUS_FILE.
 */
F4E_MUST_CHECK bool control_open(struct control *control, struct engine *engine,
                                 const struct options *options,
                                 struct failure *failure);

/* The patch is loaded and holds its defaults: copy them for --list and for the
 * channel. */
F4E_MUST_CHECK bool control_remember(struct control *control,
                                     const struct engine *engine,
                                     struct failure *failure);

/*
 * After a state has been loaded: apply the settings, now and at every restart
 * of the patch.
 */
void control_set(struct control *control, struct engine *engine);

/* --list, --params or --views, to standard output. */
F4E_MUST_CHECK bool control_print(const struct control *control,
                                  const struct f4e_patch *patch,
                                  struct failure *failure);

/* The audio thread starts now. */
void control_start(struct control *control);

/* For audio->before_block of a render: print watched values. 'context' is the
 * struct control. */
void control_before_block(void *context, uint64_t block);

/* How long to wait at most. */
int control_wait_ms(const struct control *control, int most_ms);

/* Print what is due. True when the reader of --watch has closed the pipe. */
bool control_pump(struct control *control, const struct stats *stats);

/* Tell of values that could not move because too many did. */
void control_report(struct control *control, const struct engine *engine);

/* The code was exchanged: names are those of another patch from now on. */
void control_follow(struct control *control, const struct f4e_patch *patch);

/* Could everything be shown to the end? A reader that has seen enough is no
 * failure. STATUS_FILE. */
F4E_MUST_CHECK bool control_check(const struct control *control,
                                  struct failure *failure);

/* After the audio thread has ended; also after a failure to open. */
void control_close(struct control *control);

#endif
