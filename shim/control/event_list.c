/* SPDX-License-Identifier: MIT */
#include "control/event_list.h"

#include <stdlib.h>

static bool fail_memory(struct failure *failure)
{
    return failure_set(failure, STATUS_INTERNAL, "out of memory");
}

static bool grow(struct event_list *list)
{
    size_t larger = list->capacity == 0 ? 16 : list->capacity * 2;
    struct engine_event *events =
        realloc(list->events, larger * sizeof *events);
    if (events == NULL) {
        return false;
    }
    list->events = events;
    void **payloads =
        (void **)realloc((void *)list->payloads, larger * sizeof *payloads);
    if (payloads == NULL) {
        return false;
    }
    list->payloads = payloads;
    list->capacity = larger;
    return true;
}

struct engine_event *event_list_add(struct event_list *list, uint64_t block,
                                    size_t bytes, struct failure *failure)
{
    void *payload = calloc(1, bytes > 0 ? bytes : 1);
    if (payload == NULL || (list->count == list->capacity && !grow(list))) {
        free(payload);
        (void)fail_memory(failure);
        return NULL;
    }
    struct engine_event *event = &list->events[list->count];
    *event = (struct engine_event){
        .block = block, .args = payload, .bytes = payload};
    list->payloads[list->count++] = payload;
    return event;
}

/* Merge sort, from the bottom up: it keeps the order of equal blocks. */
bool event_list_sort(struct event_list *list, struct failure *failure)
{
    size_t count = list->count;
    struct engine_event *from = list->events;
    struct engine_event *to = malloc((list->capacity + 1) * sizeof *to);
    if (to == NULL) {
        return fail_memory(failure);
    }
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count;
            size_t end = middle + width < count ? middle + width : count;
            size_t left = start;
            size_t right = middle;
            for (size_t i = start; i < end; ++i) {
                bool is_left =
                    left < middle &&
                    (right == end || from[left].block <= from[right].block);
                to[i] = from[is_left ? left++ : right++];
            }
        }
        struct engine_event *swapped = from;
        from = to;
        to = swapped;
    }
    list->events = from;
    free(to);
    return true;
}

void event_list_free(struct event_list *list)
{
    for (size_t i = 0; i < list->count; ++i) {
        free(list->payloads[i]);
    }
    free((void *)list->payloads);
    free(list->events);
    *list = (struct event_list){0};
}
