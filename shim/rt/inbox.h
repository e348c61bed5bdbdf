/* SPDX-License-Identifier: MIT */
/*
 * Changes from another thread to a patch that plays: one producer, the audio
 * thread as consumer, no lock. Each producer has an inbox of its own, attached
 * to the engine before the audio thread starts. At the start of a block, after
 * the timed events, the engine takes what each inbox held by then, inbox by
 * inbox in the order of attaching, each in the order of sending.
 */
#ifndef F4E_INBOX_H
#define F4E_INBOX_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "f4e_patch.h"
#include "rt/realtime.h"

enum {
    INBOX_ARGS_MAX = 16,       /* of a call: the most that 8f4e allows */
    INBOX_SMALL_MAX = 8,       /* bytes that travel in the message */
    INBOX_BLOCK_BYTES = 65536, /* what one inbox may write in one block */
};

/*
 * One change, checked by the sender in every respect: the item lies in its
 * memory, the function has at most INBOX_ARGS_MAX parameters and as many 'args'
 * are there.
 */
struct inbox_message {
    const struct f4e_export *function; /* to call, or NULL: write */
    const uint8_t *bytes; /* to write; NULL: those in 'small'. The sender's,
                             until inbox_taken() has passed the message */
    uint32_t memory;      /* index */
    uint32_t address;     /* bytes */
    uint32_t size;        /* bytes, up to INBOX_SMALL_MAX when in 'small' */
    bool is_toggle;       /* as in struct engine_event; never split */
    bool is_key;          /* as there, with the two that follow */
    uint8_t key_action;
    uint8_t key;
    union {
        uint8_t small[INBOX_SMALL_MAX];
        double args[INBOX_ARGS_MAX];
    };
};

struct inbox {
    struct inbox_message *messages; /* the caller's storage */
    size_t capacity;                /* a power of two */
    atomic_size_t head;             /* ever sent; only the producer stores it */
    atomic_size_t tail;             /* ever taken; only the engine stores it */
    uint32_t written; /* the engine's: bytes of the first message done */
};

/* Over zeroed or used storage; nobody else may use it meanwhile. */
void inbox_init(struct inbox *inbox, struct inbox_message *messages,
                size_t capacity);

/* Producer only. False, with nothing sent, when it is full. */
F4E_REALTIME bool inbox_send(struct inbox *inbox,
                             const struct inbox_message *message);

/*
 * Producer only. How many messages have had their effect: payloads of that many
 * may be freed. The n-th message sent is taken when this is n or more.
 */
F4E_REALTIME size_t inbox_taken(const struct inbox *inbox);

/* The next message in line, or NULL. 'end' is inbox_end(). Engine only. */
F4E_REALTIME const struct inbox_message *inbox_first(const struct inbox *inbox,
                                                     size_t end);

/* Messages ever sent, as far as the engine can see them. Engine only. */
F4E_REALTIME size_t inbox_end(const struct inbox *inbox);

/* The first message is done. Engine only. */
F4E_REALTIME void inbox_next(struct inbox *inbox);

#endif
