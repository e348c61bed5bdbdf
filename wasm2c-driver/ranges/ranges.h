/* SPDX-License-Identifier: MIT */
/*
 * Proven address ranges, the way in. ranges/analysis/ searches for them, on the
 * abstract values of ranges/domain/, and may be wrong; it writes down a
 * certificate (certificate_format.h), which ranges/check/ verifies without a
 * search and without code of these two; ranges/promote/ keeps words in globals
 * where the verified ranges allow it.
 */
#ifndef F4E_RANGES_H
#define F4E_RANGES_H

#include "ranges/analysis/analysis.h"
#include "ranges/promote/promote.h"

/* Everything but 'analysis.failure' is only valid while that is NULL. */
struct ranges {
    struct analysis analysis;
    const struct promotion *promotion; /* NULL: nothing is promoted */
    const char *certificate;           /* verified; NULL after a failure */
};

/*
 * Analyse the module of 'patch', write the certificate, check it, and select
 * the words to promote. The module is supported and validated, and must outlive
 * 'ranges', whose arrays are in 'arena'. 'has_host_code': its imports are C of
 * the user, which may write the memories.
 * Does not fail: when nothing is proven, or the check refuses the certificate,
 * 'ranges->analysis.failure' says why, and no claim may be used.
 */
void ranges_find(struct ranges *ranges, const struct patch *patch,
                 bool has_host_code, struct arena *arena);

/* Whether a second, annotated set of functions is worth its size. */
bool ranges_are_useful(const struct ranges *ranges);

/* "9 of 9 variable addresses proven", or why none is. In the arena. */
const char *ranges_summary(const struct ranges *ranges, struct arena *arena);

#endif
