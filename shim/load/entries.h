/* SPDX-License-Identifier: MIT */
/*
 * --run-entry: calls exported functions once, before the patch plays or instead
 * of playing. Control thread.
 */
#ifndef F4E_ENTRIES_H
#define F4E_ENTRIES_H

#include "common/failure.h"
#include "options/settings.h"
#include "rt/engine.h"

#include <stdbool.h>

/*
 * Call them in the order of the command line, without arguments: integers are
 * 0, floats NaN. The patch is loaded and does not run. The first trap ends this
 * with STATUS_TRAP, whatever --on-trap says.
 */
F4E_MUST_CHECK bool entries_run(struct engine *engine,
                                const struct options *options,
                                struct failure *failure);

#endif
