/* SPDX-License-Identifier: MIT */
/*
 * The control thread's way to a patch that plays: an inbox, and the memory that
 * the audio thread reads until it is done with a change. All that the control
 * thread says goes through one sender, so its changes keep their order.
 */
#ifndef F4E_SENDER_H
#define F4E_SENDER_H

#include "common/failure.h"
#include "control/event_list.h"
#include "rt/inbox.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SENDER_MESSAGES = 256, /* on their way at most */
    SENDER_OUTCOMES = 2048 /* of the last changes made: how they ended */
};

struct sender {
    struct inbox inbox; /* for engine_attach(), by the caller */

    /* Its own. */
    uint64_t sent; /* changes ever, without those merged */
    /* How many changes became one, of those on their way. */
    unsigned meant[SENDER_MESSAGES];
    uint64_t collected; /* changes whose outcome is known */
    uint8_t outcomes[SENDER_OUTCOMES];
    struct payload *payloads; /* that the audio thread may still read */
    struct inbox_slot slots[SENDER_MESSAGES];
    struct inbox_payload copies[SENDER_MESSAGES];
};

void sender_init(struct sender *sender);

/* Can all of these events be sent while the patch plays? STATUS_USAGE. */
F4E_MUST_CHECK bool sender_check(const struct event_list *list,
                                 struct failure *failure);

/*
 * Send events from '*next' on, as many as there is room for, and move it;
 * payloads that are not copied become the sender's. True when all of the list
 * is sent.
 */
F4E_MUST_CHECK bool sender_send(struct sender *sender, struct event_list *list,
                                size_t *next);

/* Has the patch made all that was sent when 'sent' was 'number'? */
bool sender_is_done(const struct sender *sender, uint64_t number);

/*
 * How calls ended of which sender_is_done(): the first trap of the changes
 * numbered 'first' to 'last', which are among the last SENDER_OUTCOMES.
 */
enum f4e_trap sender_outcome(struct sender *sender, uint64_t first,
                             uint64_t last);

/* Changes that were sent and not made yet, merged ones too. */
size_t sender_pending(const struct sender *sender);

/* Free what the audio thread has done with. */
void sender_tidy(struct sender *sender);

/* After the audio thread has ended. Also for one that is zeroed. */
void sender_close(struct sender *sender);

#endif
