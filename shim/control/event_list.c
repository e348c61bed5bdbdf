/* SPDX-License-Identifier: MIT */
#include "control/event_list.h"

#include <stdlib.h>

static bool fail_memory(struct failure *failure)
{
    return failure_set_memory(failure);
}

static bool grow(struct event_list *list)
{
    size_t larger = list->capacity == 0 ? 16 : list->capacity * 2;
    struct change *events = realloc(list->events, larger * sizeof(*events));
    if (events == NULL) {
        return false;
    }
    list->events = events;
    void **payloads =
        (void **)realloc((void *)list->payloads, larger * sizeof(*payloads));
    if (payloads == NULL) {
        return false;
    }
    list->payloads = payloads;
    list->capacity = larger;
    return true;
}

struct change *event_list_add(struct event_list *list, uint64_t block,
                              enum change_kind kind, size_t bytes,
                              struct failure *failure)
{
    void *payload = calloc(1, bytes > 0 ? bytes : 1);
    if (payload == NULL || (list->count == list->capacity && !grow(list))) {
        free(payload);
        (void)fail_memory(failure);
        return NULL;
    }
    struct change *event = &list->events[list->count];
    *event = (struct change){.block = block, .kind = kind};
    if (kind == CHANGE_CALL) {
        event->call.args = payload;
    } else if (kind == CHANGE_WRITE || kind == CHANGE_TOGGLE) {
        event->write.bytes = payload;
    }
    list->payloads[list->count++] = payload;
    return event;
}

/* An event's place in the list, in front of it: qsort() keeps no order. */
struct ordered {
    size_t index;
    struct change event;
};

static int compare(const void *a, const void *b)
{
    const struct ordered *left = a;
    const struct ordered *right = b;
    return left->event.block != right->event.block
               ? (left->event.block > right->event.block) -
                     (left->event.block < right->event.block)
               : (left->index > right->index) - (left->index < right->index);
}

bool event_list_sort(struct event_list *list, struct failure *failure)
{
    if (list->count < 2) {
        return true;
    }
    struct ordered *all = malloc(list->count * sizeof(*all));
    if (all == NULL) {
        return fail_memory(failure);
    }
    for (size_t i = 0; i < list->count; i++) {
        all[i] = (struct ordered){i, list->events[i]};
    }
    qsort(all, list->count, sizeof(*all), compare);
    for (size_t i = 0; i < list->count; i++) {
        list->events[i] = all[i].event;
    }
    free(all);
    return true;
}

void event_list_cut(struct event_list *list, size_t count)
{
    while (list->count > count) {
        free(list->payloads[--list->count]);
    }
}

void event_list_free(struct event_list *list)
{
    event_list_cut(list, 0);
    free((void *)list->payloads);
    free(list->events);
    *list = (struct event_list){0};
}
