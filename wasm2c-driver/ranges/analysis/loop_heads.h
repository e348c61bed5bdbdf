/* SPDX-License-Identifier: MIT */
/*
 * Loop invariants as the analysis found them: for each loop, on each path of
 * calls to it, the places that an iteration changes, and the range of each
 * value in them. The certificate carries them, so that the check follows each
 * body once.
 */
#ifndef F4E_LOOP_HEADS_H
#define F4E_LOOP_HEADS_H

#include "ranges/analysis/state.h"

/* A stack slot, or the key of a word, and an index into 'values'. */
struct loop_place {
    uint64_t at;
    uint32_t value;
};

/* A call, or a loop of the innermost call. The first of the list is the
 * host. */
struct loop_head {
    uint32_t parent; /* an index into the list, below its own */
    uint32_t at;     /* byte of the module; of a host's call: its function */
    uint32_t pass;   /* the last one that reached it */
    struct range *values; /* of a loop, as all that follows */
    uint32_t value_count;
    uint32_t value_capacity;
    struct loop_place *slots; /* ascending */
    uint32_t slot_count;
    uint32_t slot_capacity;
    struct loop_place *words; /* ascending */
    uint32_t word_count;
    uint32_t word_capacity;
};

struct loop_heads {
    struct loop_head *list;
    uint32_t count;
    uint32_t capacity;
    struct u64map paths;  /* by parent and offset: index in the list */
    struct u64map values; /* of the head in progress: index, plus 1 */
    uint32_t pass;        /* the current one; heads of older ones are stale */
    struct arena *arena;
};

void loop_heads_init(struct loop_heads *heads, struct arena *arena);

/* The index of the call or loop at byte 'at' on path 'parent'; added if new. */
uint32_t loop_heads_follow(struct loop_heads *heads, uint32_t parent,
                           uint32_t at);

/* Record the invariant of loop 'index': 'entry' is the state before it, 'head'
 * the stable state at its head. */
void loop_heads_record(struct loop_heads *heads, uint32_t index,
                       struct state_context *context, const struct state *entry,
                       const struct state *head);

#endif
