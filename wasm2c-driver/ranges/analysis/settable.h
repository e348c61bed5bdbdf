/* SPDX-License-Identifier: MIT */
/*
 * Numbers that only the host changes: ints of the project that no function of
 * the patch writes. The proof may take them for what they are at first, and is
 * then lost when one is set; so they are tried free, and stay free where no
 * address gets worse by it.
 */
#ifndef F4E_RANGES_SETTABLE_H
#define F4E_RANGES_SETTABLE_H

#include "ranges/analysis/search.h"

/*
 * The search, or one that goes on from it with more of such words free. Takes
 * no more steps than the search did.
 */
struct search *settable_free(struct search *search, const struct patch *patch,
                             struct arena *arena);

#endif
