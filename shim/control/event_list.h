/* SPDX-License-Identifier: MIT */
/*
 * A growing list of engine events that owns what they point to. Control
 * thread.
 */
#ifndef F4E_EVENTS_H
#define F4E_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/failure.h"
#include "rt/engine.h"

struct event_list {
    struct engine_event *events;
    void **payloads; /* one per event; event_list_sort() parts them */
    size_t count;
    size_t capacity;
};

/*
 * A new event at the end, zero but for its block, with a payload of so many
 * zero bytes, of which 'bytes' and 'args' already are the address. It stays
 * where it is until the next call. NULL: out of memory, which is recorded.
 */
struct engine_event *event_list_add(struct event_list *list, uint64_t block,
                                    size_t bytes, struct failure *failure);

/* By block; what shares one keeps its order. */
bool event_list_sort(struct event_list *list, struct failure *failure);

/* Also for a list that is zeroed. */
void event_list_free(struct event_list *list);

#endif
