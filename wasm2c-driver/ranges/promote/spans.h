/* SPDX-License-Identifier: MIT */
/* Sets of bytes of the memories, as intervals. */
#ifndef F4E_SPANS_H
#define F4E_SPANS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes [start, end) as memory << 32 | address; not empty, of one memory. */
struct span {
    uint64_t start;
    uint64_t end;
};

/* To be zeroed first. */
struct spans {
    struct span *items;
    uint32_t count;
    uint32_t capacity;
};

void spans_add(struct spans *spans, struct span span, struct arena *arena);

/* Sort and merge, once all are added: disjoint and ascending. */
void spans_settle(struct spans *spans);

/* Of settled spans: the index of the first that ends after 'address', or
 * their count; whether any overlaps 'span'. */
uint32_t spans_find(const struct spans *spans, uint64_t address);
bool spans_meet(const struct spans *spans, struct span span);

/* By start, then end, as qsort() compares. */
int spans_compare(const struct span *a, const struct span *b);

#endif
