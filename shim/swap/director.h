/* SPDX-License-Identifier: MIT */
/*
 * Says which version of the patch plays. `f4e-build play`, which builds them,
 * sends lines through a socket:
 *
 *     swap ID FADE_MS VALUES PATH    VALUES: same, all, none; see match.h
 *     undo
 *
 * and gets one for each, when it is clear what became of it:
 *
 *     playing ID
 *     refused ID WHY
 *
 * A version is loaded on a thread of its own. Its library at PATH is not needed
 * any more when the answer comes. When the socket is closed, the patch ends.
 * Control thread.
 */
#ifndef F4E_SWAP_DIRECTOR_H
#define F4E_SWAP_DIRECTOR_H

#include "common/failure.h"
#include "options/settings.h"
#include "rt/decks/decks.h"
#include "swap/endless.h"
#include "swap/exchange.h"
#include "swap/loading.h"
#include "swap/swap_request.h"
#include "swap/version.h"
#include "system/block_watch.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum director_phase {
    DIRECTOR_IDLE,
    DIRECTOR_LOADING,
    DIRECTOR_OFFERING,
    DIRECTOR_SETTLING,
};

struct director {
    /* Set by the caller, zero otherwise. */
    const struct loading_host *host;
    const struct options *options;
    int link;                      /* the socket, or -1 */
    const struct f4e_patch *shape; /* that every version has to have */
    struct engine *engine;

    struct decks decks;
    struct version *current;
    struct version *last; /* heard next to it, or there for a trap and undo */
    struct version *kept; /* the one for undo, while 'last' is another build of
                           * the current one */

    /* Its own. */
    enum director_phase phase;
    struct request_swap wanted;
    struct request_swap request; /* under way */
    bool wants_undo;
    bool is_undo; /* what is under way is */
    struct loading *loading;
    uint64_t loading_ns;  /* since when */
    struct version *next; /* that is offered */
    unsigned fade_ms;     /* of the last version that was not a better build */
    struct block_watch watch;
    struct exchange *exchange;
    struct exchange *before; /* whose tables the audio thread still reads */
    unsigned taken;          /* swaps */
    uint32_t count;          /* versions so far */
    enum director_phase phase_after; /* a trap was dealt with */
    bool is_closed;
    char line[REQUEST_LINE_BYTES];
    size_t length;
};

/*
 * With the first version loaded as library, and an engine that is initialised
 * for it. 'other_out' is that of decks_init(). The version becomes the
 * director's.
 */
void director_init(struct director *director, struct version *first,
                   float *const *other_out);

/* For poll(): what to wait for and for how long at most. */
int director_fd(const struct director *director);
int director_wait_ms(const struct director *director, int most_ms);

/* Do what is due; may wait for two blocks. True: the socket is closed. */
bool director_pump(struct director *director);

/* Go back to the version before this one; STATUS_USAGE: there is none. */
F4E_MUST_CHECK bool director_undo(struct director *director,
                                  struct failure *failure);

/* When no block runs any more. */
void director_close(struct director *director);

#endif
