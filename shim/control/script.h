/* SPDX-License-Identifier: MIT */
/*
 * --set, --load and --script: settings, made at every start of the patch, and
 * timed events (docs/f4e-patch.1). All are read and checked before the patch
 * starts. Control thread.
 */
#ifndef F4E_SCRIPT_H
#define F4E_SCRIPT_H

#include "common/failure.h"
#include "control/command.h"
#include "control/event_list.h"
#include "options/settings.h"

#include <stdbool.h>

struct script {
    struct event_list settings; /* --set and --load without a time */
    struct event_list events;   /* by block; in one block --set and --load as
                                   given, then the file's lines */
};

/*
 * Read --set, --load and --script. Fails with STATUS_FILE when a file cannot
 * be read and STATUS_USAGE, naming option or line, when something is wrong.
 */
F4E_MUST_CHECK bool script_load(struct script *script,
                                const struct options *options,
                                const struct command_reader *reader,
                                struct failure *failure);

/* Parse one --set or --load: "[TIME:]NAME=VALUE". */
F4E_MUST_CHECK bool script_read_setting(struct script *script,
                                        const struct option_setting *at,
                                        const struct command_reader *reader,
                                        struct failure *failure);

/* Parse a file: each line a time and a command of command_read(). */
F4E_MUST_CHECK bool script_read_file(struct script *script, const char *path,
                                     const struct command_reader *reader,
                                     struct failure *failure);

/* Also for a script that is zeroed or did not load. */
void script_free(struct script *script);

#endif
