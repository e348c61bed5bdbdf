/* SPDX-License-Identifier: MIT */
/*
 * Two versions of a patch, as a disc jockey has two decks: the one that is
 * heard, and the next one or the last one. The engine always holds the version
 * that is current, and its inboxes, counters and snapshots go on; a deck holds
 * the other one. At the border of a block the audio thread takes a swap,
 * carries values over, exchanges both, and runs both while one fades into the
 * other. When the new one traps meanwhile, the old one goes on.
 *
 *     control               audio
 *     decks_offer(swap)
 *     waits a little        takes it at the border of a block, or not
 *     decks_withdraw()
 *       DECKS_TAKEN         engine->patch is the new one
 *                           runs both for the time of the fade
 *     'settled' counts      runs one
 *
 * The engine's patch is exchanged between offer and withdrawal only, where the
 * control thread does nothing else, so it may read engine->patch otherwise.
 */
#ifndef F4E_DECKS_H
#define F4E_DECKS_H

#include "rt/decks/transfer.h"
#include "rt/engine.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* A version that is loaded, or the one that was exchanged for it. */
struct deck {
    struct engine engine;  /* initialised; its on_trap is TRAP_SILENCE */
    uint32_t version;      /* changes for it carry this number */
    atomic_bool is_broken; /* it trapped: nothing to go back to */
};

enum swap_kind {
    SWAP_FORTH,  /* the next version */
    SWAP_RETURN, /* the current one has trapped: the other is current again */
    SWAP_KEEP,   /* nothing is exchanged: another deck is there for a trap */
};

struct swap {
    enum swap_kind kind;
    struct deck *deck; /* the next version; when taken: the last one */
    /* From the last version to the next, and back. Not for SWAP_RETURN. */
    const struct transfer *forth;
    const struct transfer *back;
    uint32_t fade_frames; /* 0: from one block to the next */
    bool is_copied;       /* large runs were, when ... */
    unsigned sequence;    /* ... engine->snapshot.sequence was this */
};

enum decks_offer {
    DECKS_FREE,    /* control: may become OFFERED */
    DECKS_OFFERED, /* audio: may become TAKING; control: FREE again */
    DECKS_TAKING,  /* audio: becomes TAKEN */
    DECKS_TAKEN,   /* control: becomes FREE */
};

struct decks {
    atomic_int offer;      /* enum decks_offer */
    struct swap *next;     /* of whoever may make the next step */
    atomic_uint settled;   /* swaps that were taken and are over */
    atomic_bool is_fallen; /* the current version trapped, the other plays */
    /* Of that trap, written before. */
    struct f4e_trap_report report;
    uint64_t trap_block;

    /* The audio thread's own. */
    uint32_t version;        /* of the engine's patch */
    const struct swap *swap; /* the last one */
    struct deck *other;      /* or NULL */
    bool is_other_running;   /* both are heard */
    bool is_unsettled;       /* the swap is not counted yet */
    uint32_t fade_done;      /* frames */
    uint32_t rise_left;      /* frames until what plays alone is up */
    float *const *other_out; /* its outputs: a block each */
};

/*
 * Control thread, before the audio thread starts: an engine that is initialised
 * becomes one whose code can be exchanged. 'other_out' has an array of a block
 * for each output, and belongs to the caller.
 */
void decks_init(struct decks *decks, struct engine *engine,
                float *const *other_out);

/*
 * Control thread: let the audio thread take this swap. Not before the last one
 * is settled. All that belongs to it stays until the next one is settled.
 */
void decks_offer(struct decks *decks, struct swap *swap);

/* Control thread: what became of it. DECKS_FREE: it was not taken, and will not
 * be. DECKS_TAKING: ask again in a moment. */
enum decks_offer decks_withdraw(struct decks *decks);

#endif
