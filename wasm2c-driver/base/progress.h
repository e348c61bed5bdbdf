/* SPDX-License-Identifier: MIT */
/* One line per stage with its duration, on stderr. */
#ifndef F4E_PROGRESS_H
#define F4E_PROGRESS_H

#include "base/diag.h"

#include <time.h>

struct progress {
    bool is_shown;
    struct timespec last; /* when the stage before this one ended */
};

/* Shown on a terminal or when 'is_verbose', never when 'is_quiet'. */
void progress_start(struct progress *progress, bool is_verbose, bool is_quiet);

/* Print the line of stage 'name', which has just ended, with its result. */
void progress_done(struct progress *progress, const char *name,
                   const char *format, ...) F4E_PRINTF(3, 4);

#endif
