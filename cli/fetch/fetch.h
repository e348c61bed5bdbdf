/* SPDX-License-Identifier: MIT */
/*
 * `f4e-build fetch patch.8f4e`: the assets that a text names by URL become
 * files beside it, and a lock file remembers them. Builds never fetch; they
 * compare what is there with the lock.
 */
#ifndef F4E_FETCH_H
#define F4E_FETCH_H

#include "options/options.h"

/*
 * Fetch what is not there yet. A file that is there is kept: as it is when the
 * lock knows it or knows nothing of its URL, and with `--update` a locked one
 * is fetched anew. Prints a line for each. Fails (input) when a file is another
 * one than the lock has, a name is none for a file, or an address is not
 * fetched from, (tool) when fetching fails, (system) when writing does. What
 * was fetched before stays, with its lock.
 */
F4E_MUST_CHECK bool fetch_run(const struct options *options,
                              struct arena *arena, struct diag *diag);

#endif
