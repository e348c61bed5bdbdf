/* SPDX-License-Identifier: MIT */
#include "rt/inbox.h"

#include <string.h>

void inbox_init(struct inbox *inbox, struct inbox_slot *slots, size_t capacity)
{
    inbox->slots = slots;
    inbox->capacity = capacity;
    inbox->version = 0;
    inbox->written = 0;
    inbox->due_block = 0;
    atomic_init(&inbox->head, 0);
    atomic_init(&inbox->tail, 0);
}

bool inbox_copies(const struct change *change)
{
    return change_payload_bytes(change) <=
           sizeof((struct inbox_slot *)NULL)->payload;
}

/* The change in a slot points to the slot's own copy of its payload. */
static void keep_payload(struct inbox_slot *slot)
{
    struct change *change = &slot->change;
    const void *payload = change->kind == CHANGE_CALL
                              ? (const void *)change->call.args
                              : change->write.bytes;
    memcpy(slot->payload, payload, change_payload_bytes(change));
    if (change->kind == CHANGE_CALL) {
        change->call.args = slot->payload;
    } else {
        change->write.bytes = (const uint8_t *)slot->payload;
    }
}

bool inbox_send(struct inbox *inbox, const struct change *change)
{
    size_t head = atomic_load_explicit(&inbox->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_acquire);
    if (head - tail == inbox->capacity) {
        return false;
    }
    struct inbox_slot *slot = &inbox->slots[head & (inbox->capacity - 1)];
    slot->change = *change;
    slot->change.block = inbox->due_block;
    slot->change.version = inbox->version;
    if (change_payload_bytes(change) > 0 && inbox_copies(change)) {
        keep_payload(slot);
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
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_relaxed);
    return tail == end ? NULL
                       : &inbox->slots[tail & (inbox->capacity - 1)].change;
}

void inbox_next(struct inbox *inbox)
{
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_relaxed);
    inbox->written = 0;
    atomic_store_explicit(&inbox->tail, tail + 1, memory_order_release);
}
