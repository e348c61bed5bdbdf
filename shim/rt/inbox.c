/* SPDX-License-Identifier: MIT */
#include "rt/inbox.h"

void inbox_init(struct inbox *inbox, struct inbox_message *messages,
                size_t capacity)
{
    inbox->messages = messages;
    inbox->capacity = capacity;
    inbox->written = 0;
    atomic_init(&inbox->head, 0);
    atomic_init(&inbox->tail, 0);
}

bool inbox_send(struct inbox *inbox, const struct inbox_message *message)
{
    size_t head = atomic_load_explicit(&inbox->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_acquire);
    if (head - tail == inbox->capacity) {
        return false;
    }
    inbox->messages[head & (inbox->capacity - 1)] = *message;
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

const struct inbox_message *inbox_first(const struct inbox *inbox, size_t end)
{
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_relaxed);
    return tail == end ? NULL : &inbox->messages[tail & (inbox->capacity - 1)];
}

void inbox_next(struct inbox *inbox)
{
    size_t tail = atomic_load_explicit(&inbox->tail, memory_order_relaxed);
    inbox->written = 0;
    atomic_store_explicit(&inbox->tail, tail + 1, memory_order_release);
}
