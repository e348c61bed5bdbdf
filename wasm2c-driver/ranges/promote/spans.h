/* SPDX-License-Identifier: MIT */
/* Sets of bytes of the memories. */
#ifndef F4E_RANGES_SPANS_H
#define F4E_RANGES_SPANS_H

#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

/* Bytes, as memory << 32 | address; not empty, of one memory. */
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

/* Make them disjoint and ascending, once all are there. */
void spans_settle(struct spans *spans);

/* Of settled ones: the first that ends behind 'address', or how many there
 * are; and whether any meets 'span'. */
uint32_t spans_find(const struct spans *spans, uint64_t address);
bool spans_meet(const struct spans *spans, struct span span);

/* By start, then end; as qsort() wants it. */
int spans_compare(const struct span *a, const struct span *b);

#endif
