/* SPDX-License-Identifier: MIT */
#include "rt/inbox.h"

#include <string.h>

void inbox_init(struct inbox *inbox, struct inbox_slot *slots,
                struct inbox_payload *payloads, size_t capacity)
{
    memset(inbox, 0, sizeof(*inbox));
    inbox->slots = slots;
    inbox->payloads = payloads;
    inbox->capacity = capacity;
    atomic_init(&inbox->head, 0);
    atomic_init(&inbox->tail, 0);
}

bool inbox_copies(const struct change *change)
{
    return change_payload_bytes(change) <= sizeof(struct inbox_payload);
}

bool inbox_send(struct inbox *inbox, const struct change *change)
{
    size_t head = atomic_load_explicit(&inbox->head, memory_order_relaxed);
    if (head - inbox_taken(inbox) == inbox->capacity) {
        return false;
    }
    size_t index = head & (inbox->capacity - 1);
    struct inbox_slot *slot = &inbox->slots[index];
    slot->change = *change;
    slot->change.block = inbox->due_block;
    slot->change.version = inbox->version;
    size_t bytes = change_payload_bytes(change);
    if (bytes > 0 && bytes <= sizeof(struct inbox_payload)) {
        double *copy = bytes <= sizeof(slot->number)
                           ? &slot->number
                           : inbox->payloads[index].numbers;
        if (change->kind == CHANGE_CALL) {
            memcpy(copy, change->call.args, bytes);
            slot->change.call.args = copy;
        } else {
            memcpy(copy, change->write.bytes, bytes);
            slot->change.write.bytes = (const uint8_t *)copy;
        }
    }
    atomic_store_explicit(&inbox->head, head + 1, memory_order_release);
    return true;
}

size_t inbox_taken(const struct inbox *inbox)
{
    return atomic_load_explicit(&inbox->tail, memory_order_acquire);
}

size_t inbox_end(const struct inbox *inbox)
{
    return atomic_load_explicit(&inbox->head, memory_order_acquire);
}

const struct change *inbox_first(const struct inbox *inbox, size_t end)
{
    return inbox->done == end
               ? NULL
               : &inbox->slots[inbox->done & (inbox->capacity - 1)].change;
}

void inbox_next(struct inbox *inbox)
{
    inbox->written = 0;
    inbox->done++;
}

void inbox_publish(struct inbox *inbox)
{
    if (atomic_load_explicit(&inbox->tail, memory_order_relaxed) !=
        inbox->done) {
        atomic_store_explicit(&inbox->tail, inbox->done, memory_order_release);
    }
}
