/* SPDX-License-Identifier: MIT */
#include "control/sender.h"

#include <stdint.h>
#include <stdlib.h>

/* What a message points to, until that message has been taken. */
struct payload {
    struct payload *next;
    uint64_t number; /* of the message, from 1 */
    void *bytes;
};

void sender_init(struct sender *sender)
{
    sender->sent = 0;
    sender->collected = 0;
    sender->payloads = NULL;
    inbox_init(&sender->inbox, sender->slots, sender->copies, SENDER_MESSAGES);
}

bool sender_check(const struct event_list *list, struct failure *failure)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct change *event = &list->events[i];
        if (event->kind == CHANGE_CALL &&
            event->call.function->params > INBOX_ARGS_MAX) {
            return failure_set(failure, STATUS_USAGE,
                               "'%s' has more than %d parameters",
                               event->call.function->name, INBOX_ARGS_MAX);
        }
    }
    return true;
}

static bool keep_payload(struct sender *sender, void *bytes)
{
    struct payload *payload = malloc(sizeof(*payload));
    if (payload == NULL) {
        return false;
    }
    *payload = (struct payload){sender->payloads, sender->sent + 1, bytes};
    sender->payloads = payload;
    return true;
}

/* Place of the change with that number in tables of the last ones. */
static size_t place_of(uint64_t number)
{
    return (size_t)((number - 1) % SENDER_MESSAGES);
}

/* What became of changes, before others take their places in the inbox. */
static void collect(struct sender *sender)
{
    const uint64_t taken = inbox_taken(&sender->inbox);
    for (; sender->collected < taken; sender->collected++) {
        sender->outcomes[sender->collected % SENDER_OUTCOMES] =
            (uint8_t)inbox_outcome(&sender->inbox, sender->collected + 1);
    }
}

enum f4e_trap sender_outcome(struct sender *sender, uint64_t first,
                             uint64_t last)
{
    enum f4e_trap trap = F4E_TRAP_NONE;
    collect(sender);
    for (uint64_t number = first; trap == F4E_TRAP_NONE && number <= last;
         number++) {
        trap = (enum f4e_trap)sender->outcomes[(number - 1) % SENDER_OUTCOMES];
    }
    return trap;
}

/* False: the inbox is full, or there is no memory. */
static bool send_event(struct sender *sender, struct event_list *list,
                       size_t index)
{
    const struct change *change = &list->events[index];
    if (sender_pending(sender) >= SENDER_MESSAGES) {
        return false;
    }
    collect(sender);
    if (!inbox_copies(change)) {
        if (!keep_payload(sender, list->payloads[index])) {
            return false;
        }
        list->payloads[index] = NULL;
    }
    uint64_t number = inbox_put(&sender->inbox, change); /* there is room */
    sender->meant[place_of(number)] =
        number > sender->sent ? 1 : sender->meant[place_of(number)] + 1;
    sender->sent = number > sender->sent ? number : sender->sent;
    return true;
}

bool sender_send(struct sender *sender, struct event_list *list, size_t *next)
{
    while (*next < list->count && send_event(sender, list, *next)) {
        ++*next;
    }
    return *next == list->count;
}

bool sender_is_done(const struct sender *sender, uint64_t number)
{
    return inbox_taken(&sender->inbox) >= number;
}

size_t sender_pending(const struct sender *sender)
{
    size_t pending = 0;
    for (uint64_t number = sender->sent; number > inbox_taken(&sender->inbox);
         number--) {
        pending += sender->meant[place_of(number)];
    }
    return pending;
}

static void free_payloads(struct sender *sender, uint64_t taken)
{
    for (struct payload **at = &sender->payloads; *at != NULL;) {
        struct payload *payload = *at;
        if (payload->number <= taken) {
            *at = payload->next;
            free(payload->bytes);
            free(payload);
        } else {
            at = &payload->next;
        }
    }
}

void sender_tidy(struct sender *sender)
{
    free_payloads(sender, inbox_taken(&sender->inbox));
}

void sender_close(struct sender *sender)
{
    free_payloads(sender, SIZE_MAX);
}
