/* SPDX-License-Identifier: MIT */
/*
 * Timed events from a text file, one a line; docs/f4e-patch.1 describes the
 * format. All is parsed and checked before the patch starts.
 */
#ifndef F4E_SCRIPT_H
#define F4E_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "failure.h"
#include "patch.h"
#include "rt/engine.h"

struct script {
    struct engine_event *events; /* by block, then in the file's order */
    size_t count;
    void **payloads; /* what each line allocated, or NULL, by line */
};

/*
 * Read the file at 'path' for this patch. Fails with STATUS_FILE when it
 * cannot be read and STATUS_USAGE, naming file and line, when it is wrong.
 */
bool script_load(struct script *script, const char *path,
                 const struct f4e_patch *patch, struct failure *failure);

/* Also for a script that is zeroed or failed to load. */
void script_free(struct script *script);

#endif
