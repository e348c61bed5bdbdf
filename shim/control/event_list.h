/* SPDX-License-Identifier: MIT */
/*
 * A growing list of timed changes that owns their payloads. Control thread;
 * engine->events may point to one while the audio thread runs, if nothing is
 * added meanwhile.
 */
#ifndef F4E_EVENT_LIST_H
#define F4E_EVENT_LIST_H

#include "common/failure.h"
#include "rt/change.h"

#include <stdbool.h>
#include <stddef.h>

struct event_list {
    struct change *events;
    void **payloads; /* one per event, each from malloc(), or NULL */
    size_t count;
    size_t capacity;
};

/*
 * Append an event of this kind, zero otherwise, that points to a new payload of
 * 'bytes' zero bytes, which is list->payloads[list->count - 1] then. The event
 * is valid until the next call. NULL: out of memory, which is recorded.
 */
F4E_MUST_CHECK struct change *
event_list_add(struct event_list *list, uint64_t block, enum change_kind kind,
               size_t bytes, struct failure *failure);

/*
 * Sort by block; events of one block keep their order. Afterwards payloads no
 * longer stand beside their events. Fails with STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool event_list_sort(struct event_list *list,
                                    struct failure *failure);

/* Take back all events after the first 'count', before they are sorted. */
void event_list_cut(struct event_list *list, size_t count);

/* Also for a list that is zeroed. */
void event_list_free(struct event_list *list);

#endif
