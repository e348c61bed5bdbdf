/* SPDX-License-Identifier: MIT */
/* Hash map from (scope, name) to a number. Spans put in must outlive it. */
#ifndef F4E_PROJECT_TABLE_H
#define F4E_PROJECT_TABLE_H

#include "project/parse/span.h"

struct table_slot {
    struct span name;
    uint32_t scope;
    uint32_t value;
    uint32_t generation; /* of the table when put in; 0: never used */
};

struct table {
    struct arena *arena;
    struct table_slot *slots;
    uint32_t capacity; /* 0 or a power of two */
    uint32_t count;
    uint32_t generation;
};

void table_init(struct table *table, struct arena *arena);

/* Remove all names, keep the capacity. */
void table_clear(struct table *table);

/* The value of a name, or NULL. Valid until the next put. */
uint32_t *table_get(const struct table *table, uint32_t scope,
                    struct span name);

/* The value of a name, put in as 'value' when it is new ('*is_new'). */
uint32_t *table_put(struct table *table, uint32_t scope, struct span name,
                    uint32_t value, bool *is_new);

#endif
