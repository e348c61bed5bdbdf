/* SPDX-License-Identifier: MIT */
/*
 * What stood at the head of each loop when it had settled, on each path of
 * calls to it: the places that its rounds change, each with a value, and what
 * that can be. With it a proof is checked in one walk (proof.h).
 */
#ifndef F4E_RANGES_HEADS_H
#define F4E_RANGES_HEADS_H

#include "ranges/analysis/state.h"

/* A slot of the stack, or the key of a word, and an index into 'values'. */
struct loop_place {
    uint64_t at;
    uint32_t value;
};

/* A call, or a loop in the last call. The first of the list is the host. */
struct loop_head {
    uint32_t parent; /* an index into the list */
    uint32_t at;   /* offset in the file; of a call by the host its function */
    uint32_t pass; /* the last one that was here */
    struct range *values; /* of a loop, as everything that follows */
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
    struct pairs places; /* of parent and offset; one less than the list */
    uint32_t pass;       /* now; what others have left is old */
    struct arena *arena;
};

void loop_heads_init(struct loop_heads *heads, struct arena *arena);

/* Where the call or the loop at 'at' leads to from 'parent'. */
uint32_t loop_heads_follow(struct loop_heads *heads, uint32_t parent,
                           uint32_t at);

/* The loop 'index' was entered with 'entry' and settled with 'head'. */
void loop_heads_record(struct loop_heads *heads, uint32_t index,
                       struct state_context *context, const struct state *entry,
                       const struct state *head);

#endif
