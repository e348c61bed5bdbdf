/* SPDX-License-Identifier: MIT */
/*
 * One swap of two versions, from what they have in common to the moment when
 * the audio thread has taken it. Control thread.
 */
#ifndef F4E_SWAP_EXCHANGE_H
#define F4E_SWAP_EXCHANGE_H

#include "common/failure.h"
#include "rt/decks/decks.h"
#include "swap/match.h"
#include "swap/version.h"

#include <stdbool.h>
#include <stdint.h>

struct exchange {
    struct swap swap;
    struct transfer forth;
    struct transfer back;
    unsigned tries;       /* so far */
    size_t copied;        /* variables that are carried */
    uint64_t large_bytes; /* of large runs, which are copied before */
};

/*
 * Prepare a swap from what plays, or of SWAP_KEEP to it: 'other' is the version
 * with a deck. 'fade_frames' of both are heard. STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool
exchange_prepare(struct exchange *exchange, enum swap_kind kind,
                 const struct version *current, const struct version *other,
                 enum match_values values, uint32_t fade_frames,
                 struct failure *failure);

/*
 * Copy large values while no block runs, and let the audio thread take the
 * swap; waits for two blocks at most, and 50 ms. True when it is taken. When
 * blocks leave no time for copying, a later try leaves it to the audio thread.
 */
F4E_MUST_CHECK bool exchange_try(struct exchange *exchange, struct decks *decks,
                                 const struct engine *engine);

/* Also for one that is zeroed. */
void exchange_free(struct exchange *exchange);

#endif
