/* SPDX-License-Identifier: MIT */
#include "rt/inbox.h"

#include <string.h>

_Static_assert(sizeof(struct inbox_slot) == INBOX_LINE_BYTES,
               "a slot is a cache line");
_Static_assert(sizeof(struct inbox) == 3 * (size_t)INBOX_LINE_BYTES,
               "an inbox is three cache lines");

void inbox_init(struct inbox *inbox, struct inbox_slot *slots,
                struct inbox_payload *payloads, size_t capacity)
{
    memset(inbox, 0, sizeof(*inbox));
    inbox->slots = slots;
    inbox->payloads = payloads;
    inbox->capacity = capacity;
    inbox->ring = slots;
    inbox->mask = capacity - 1;
    inbox->credit = INBOX_BURST;
    atomic_init(&inbox->head, 0);
    atomic_init(&inbox->merged, 0);
    atomic_init(&inbox->tail, 0);
    atomic_init(&inbox->owner, INBOX_FREE);
}

bool inbox_copies(const struct change *change)
{
    return change_payload_bytes(change) <= sizeof(struct inbox_payload);
}

/* The change that was the n-th sent, from 0. */
static struct inbox_slot *slot_at(const struct inbox *inbox, uint64_t n)
{
    return &inbox->slots[(size_t)n & (inbox->capacity - 1)];
}

/* Where the payload of that change is copied to. */
static double *copy_at(const struct inbox *inbox, uint64_t n, size_t bytes)
{
    size_t index = (size_t)n & (inbox->capacity - 1);
    return bytes <= sizeof(inbox->slots[index].number)
               ? &inbox->slots[index].number
               : inbox->payloads[index].numbers;
}

/* False: the inbox is full. */
static bool append(struct inbox *inbox, const struct change *change,
                   bool is_joined)
{
    uint64_t head = inbox_end(inbox);
    if (head - inbox_taken(inbox) == inbox->capacity) {
        return false;
    }
    struct inbox_slot *slot = slot_at(inbox, head);
    slot->change = *change;
    slot->change.block = inbox->due_block;
    slot->change.version = inbox->version;
    slot->change.is_joined = is_joined;
    slot->change.is_sent = true;
    slot->change.trap = F4E_TRAP_NONE;
    size_t bytes = change_payload_bytes(change);
    if (bytes > 0 && bytes <= sizeof(struct inbox_payload)) {
        double *copy = copy_at(inbox, head, bytes);
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

bool inbox_send(struct inbox *inbox, const struct change *change)
{
    bool is_sent = append(inbox, change, false);
    if (is_sent) {
        inbox->window = inbox_end(inbox); /* nothing before it is replaced */
    }
    return is_sent;
}

/* Whether what is sent now may be made together with the n-th change. */
static bool is_of_one_time(const struct inbox *inbox, uint64_t n)
{
    const struct change *change = &slot_at(inbox, n)->change;
    return change->block == inbox->due_block &&
           change->version == inbox->version;
}

/*
 * The number of the last write in the window that fills the same bytes, or 0:
 * also when a later one fills some of them, which replacing would undo.
 */
static uint64_t find_same(const struct inbox *inbox,
                          const struct change *change)
{
    const uint64_t taken = inbox_taken(inbox);
    const uint64_t start = inbox->window > taken ? inbox->window : taken;
    const uint64_t address = change->write.address;
    for (uint64_t n = inbox_end(inbox); n > start; n--) {
        const struct change *other = &slot_at(inbox, n - 1)->change;
        const uint64_t first = other->write.address;
        if (other->write.memory == change->write.memory &&
            first < address + change->write.size &&
            address < first + other->write.size) {
            bool is_same =
                first == address && other->write.size == change->write.size;
            return is_same ? n : 0;
        }
    }
    return 0;
}

/* Give the change of this number other bytes. False when the engine is taking
 * changes now, or has taken it. */
static bool replace(struct inbox *inbox, uint64_t number,
                    const struct change *change)
{
    unsigned owner = INBOX_FREE;
    const size_t bytes = change->write.size;
    if (!atomic_compare_exchange_strong_explicit(
            &inbox->owner, &owner, INBOX_PRODUCER, memory_order_acquire,
            memory_order_relaxed)) {
        return false;
    }
    bool is_there = inbox_taken(inbox) < number;
    if (is_there) {
        memcpy(copy_at(inbox, number - 1, bytes), change->write.bytes, bytes);
    }
    atomic_store_explicit(&inbox->owner, INBOX_FREE, memory_order_release);
    return is_there;
}

uint64_t inbox_put(struct inbox *inbox, const struct change *change)
{
    const uint64_t head = inbox_end(inbox);
    if (change->kind != CHANGE_WRITE || !inbox_copies(change)) {
        return inbox_send(inbox, change) ? head + 1 : 0;
    }
    if (head > inbox->window && !is_of_one_time(inbox, head - 1)) {
        inbox->window = head;
    }
    uint64_t number = find_same(inbox, change);
    if (number > 0 && replace(inbox, number, change)) {
        atomic_store_explicit(
            &inbox->merged,
            atomic_load_explicit(&inbox->merged, memory_order_relaxed) + 1,
            memory_order_relaxed);
        return number;
    }
    if (head - inbox->window >= INBOX_WINDOW) {
        inbox->window = head;
    }
    return append(inbox, change, head > inbox->window) ? head + 1 : 0;
}

uint64_t inbox_taken(const struct inbox *inbox)
{
    return atomic_load_explicit(&inbox->tail, memory_order_acquire);
}

uint64_t inbox_end(const struct inbox *inbox)
{
    return atomic_load_explicit(&inbox->head, memory_order_acquire);
}

enum f4e_trap inbox_outcome(const struct inbox *inbox, uint64_t number)
{
    return (enum f4e_trap)slot_at(inbox, number - 1)->change.trap;
}
