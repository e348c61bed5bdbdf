/* SPDX-License-Identifier: MIT */
/*
 * A queue of changes from one thread to a patch that plays: one producer, the
 * audio thread as consumer, no lock. Each producer has an inbox of its own,
 * attached to the engine before the audio thread starts. At the start of a
 * block, after the timed events, the engine empties the inboxes in the order of
 * attaching, each in the order of sending.
 *
 * A flood costs the audio thread what can be heard of it. Of writes to the same
 * bytes that no other kind of change stands between, inbox_put() leaves the
 * last; and a block takes INBOX_BLOCK_CHANGES changes, more only when the
 * blocks before it took less. The memory at the border of a block is always
 * that after some of the changes, from the first on, each made in its order:
 * changes that may have been replaced are one window, which a block takes whole
 * (struct change: is_joined).
 */
#ifndef F4E_INBOX_H
#define F4E_INBOX_H

#include "rt/change.h"
#include "rt/realtime.h"
#include "rt/trap.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INBOX_ARGS_MAX = 16,       /* parameters of a call: 8f4e allows no more */
    INBOX_BLOCK_BYTES = 65536, /* written from one inbox in one block, at most;
                                * small writes do not wait for it */
    INBOX_BLOCK_CHANGES = 32,  /* taken from one inbox in each block, */
    INBOX_BURST = 256,         /* and in one, after blocks that took fewer */
    INBOX_WINDOW = 32,         /* changes taken together, at most */
    INBOX_AHEAD = 8,           /* slots that the engine lets come beforehand */
};

/* Whose an inbox is for the moment. Nobody waits for it: a producer that cannot
 * replace a change adds one, an engine that cannot take any has the next
 * block. */
enum inbox_owner { INBOX_FREE, INBOX_PRODUCER, INBOX_ENGINE };

enum { INBOX_LINE_BYTES = 64 };

/* A change, and a copy of its payload if that is one number: together one cache
 * line, of which the audio thread fetches one for each. */
struct inbox_slot {
    _Alignas(INBOX_LINE_BYTES) struct change change;
    double number;
};

/* A copy of a payload that is larger. */
struct inbox_payload {
    double numbers[INBOX_ARGS_MAX];
};

/*
 * Three cache lines. One that another thread has written takes as long as some
 * hundred additions to come, and as long again if it is written after having
 * been read; so the engine goes to one line of both threads and to one slot for
 * each change.
 */
struct inbox {
    /* The producer's. */
    _Alignas(INBOX_LINE_BYTES) struct inbox_slot *slots; /* the caller's */
    struct inbox_payload *payloads;
    size_t capacity;         /* a power of two */
    uint64_t due_block;      /* what is sent waits for it; 0: for the next */
    uint64_t window;         /* changes before those that may be replaced */
    uint32_t version;        /* of what is sent */
    _Atomic uint64_t merged; /* that took the place of one, for statistics */

    /* Of both. */
    _Alignas(INBOX_LINE_BYTES) _Atomic uint64_t head; /* ever sent */
    _Atomic uint64_t tail; /* ever done, as the producer may know it */
    atomic_uint owner;     /* enum inbox_owner */

    /* The engine's. */
    _Alignas(INBOX_LINE_BYTES) struct inbox_slot *ring; /* the slots again */
    size_t mask;
    uint64_t done;
    uint64_t end;     /* of what is taken now */
    uint32_t written; /* bytes of the first write done */
    int credit;       /* changes that a block may still take */
};

/* Before both threads use it; the storage, as much of both, need not be
 * initialised. */
void inbox_init(struct inbox *inbox, struct inbox_slot *slots,
                struct inbox_payload *payloads, size_t capacity);

/* Whether inbox_send() copies what the change points to. Calls: always. */
F4E_REALTIME bool inbox_copies(const struct change *change);

/*
 * Producer only. False, with nothing sent, when the inbox is full. A call has
 * at most INBOX_ARGS_MAX parameters. A payload that is not copied stays the
 * producer's, unchanged, until inbox_taken() has passed the change.
 */
F4E_REALTIME bool inbox_send(struct inbox *inbox, const struct change *change);

/*
 * Producer only. The same, but a write that inbox_copies() replaces one to the
 * same bytes that the patch has not seen, if that makes no difference for it.
 * Returns the number of the change that brings it, for inbox_taken(), from 1;
 * one that is not new when it has replaced. 0: the inbox is full.
 */
F4E_REALTIME uint64_t inbox_put(struct inbox *inbox,
                                const struct change *change);

/*
 * Producer only. How many changes have been made so far: the n-th one sent is
 * done when this is n or more, and its payload may be freed.
 */
F4E_REALTIME uint64_t inbox_taken(const struct inbox *inbox);

/* Changes ever sent, as far as they can be seen now. */
F4E_REALTIME uint64_t inbox_end(const struct inbox *inbox);

/* Engine only. The change after 'n' others in front of it, or what was one. */
F4E_REALTIME static inline struct inbox_slot *
inbox_slot_ahead(const struct inbox *inbox, size_t n)
{
    return &inbox->ring[(size_t)(inbox->done + n) & inbox->mask];
}

/* Engine only. A block begins: it may take some changes, and what those before
 * it have left. */
F4E_REALTIME static inline void inbox_rest(struct inbox *inbox)
{
    inbox->credit = inbox->credit < INBOX_BURST - INBOX_BLOCK_CHANGES
                        ? inbox->credit + INBOX_BLOCK_CHANGES
                        : INBOX_BURST;
}

/* Engine only. inbox_enter() comes soon: let the caches fetch what it needs. */
F4E_REALTIME static inline void inbox_expect(const struct inbox *inbox)
{
    __builtin_prefetch(&inbox->head, 1); /* to be written, by 'owner' */
    __builtin_prefetch(inbox_slot_ahead(inbox, 0));
    __builtin_prefetch(inbox_slot_ahead(inbox, 1));
}

/*
 * Engine only. Begin to take changes, those that are here now: no producer can
 * keep this busy. False: there are none, or one is being replaced at this
 * moment.
 */
F4E_REALTIME static inline bool inbox_enter(struct inbox *inbox)
{
    unsigned owner = INBOX_FREE;
    if (atomic_load_explicit(&inbox->head, memory_order_acquire) ==
            inbox->done ||
        !atomic_compare_exchange_strong_explicit(
            &inbox->owner, &owner, INBOX_ENGINE, memory_order_acquire,
            memory_order_relaxed)) {
        return false;
    }
    inbox->end = atomic_load_explicit(&inbox->head, memory_order_acquire);
    for (size_t n = 2; n < INBOX_AHEAD && n < inbox->end - inbox->done; n++) {
        __builtin_prefetch(inbox_slot_ahead(inbox, n));
    }
    return true;
}

/* Engine only, between inbox_enter() and inbox_leave(). The next change, or
 * NULL: it was the last. */
F4E_REALTIME static inline const struct change *
inbox_first(const struct inbox *inbox)
{
    if (inbox->end - inbox->done > INBOX_AHEAD) {
        __builtin_prefetch(inbox_slot_ahead(inbox, INBOX_AHEAD));
    }
    return inbox->done == inbox->end ? NULL
                                     : &inbox_slot_ahead(inbox, 0)->change;
}

/* Engine only. Whether the first change is one for this block. */
F4E_REALTIME static inline bool inbox_is_due(const struct inbox *inbox,
                                             const struct change *change,
                                             uint64_t block)
{
    return change->block <= block && (inbox->credit > 0 || change->is_joined);
}

/* Engine only. How the first change, a call, has ended: a word of the
 * producer's, written when it says something new. */
F4E_REALTIME static inline void inbox_tell(struct inbox *inbox,
                                           enum f4e_trap trap)
{
    if (trap != F4E_TRAP_NONE) {
        inbox_slot_ahead(inbox, 0)->change.trap = (uint8_t)trap;
    }
}

/* Engine only. The first change is done. */
F4E_REALTIME static inline void inbox_next(struct inbox *inbox)
{
    inbox->written = 0;
    inbox->done++;
    inbox->credit--;
}

/* Engine only. inbox_taken() tells from now on what is done. */
F4E_REALTIME static inline void inbox_leave(struct inbox *inbox)
{
    atomic_store_explicit(&inbox->tail, inbox->done, memory_order_release);
    atomic_store_explicit(&inbox->owner, INBOX_FREE, memory_order_release);
}

/*
 * Producer only, after inbox_taken() has passed the change of that number and
 * before as many more were sent as the inbox holds: how the call ended.
 */
F4E_REALTIME enum f4e_trap inbox_outcome(const struct inbox *inbox,
                                         uint64_t number);

#endif
