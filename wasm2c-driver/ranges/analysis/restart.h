/* SPDX-License-Identifier: MIT */
/*
 * A second search that begins where the first one was sure. A pointer that
 * walks over an array grows until both ends are found; a word that takes what
 * the pointer shows has by then been widened to the next number that the patch
 * compares anything with. With the pointer's bounds known from the start, that
 * word gets what the array can hold, and no more.
 */
#ifndef F4E_RANGES_RESTART_H
#define F4E_RANGES_RESTART_H

#include "ranges/analysis/search.h"

/* The second search; or 'search', which has settled, where that is no more
 * precise, or where no access goes over words that are used on their own. */
struct search *restart_search(struct search *search, const struct patch *patch,
                              struct arena *arena);

#endif
