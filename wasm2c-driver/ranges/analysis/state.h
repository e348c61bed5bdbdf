/* SPDX-License-Identifier: MIT */
/*
 * The abstract state at one point of a walk: the operand stack with the locals
 * of all active calls below it, the memory words (cells) accessed at a constant
 * address since the host's call began, and what conditions have refined.
 */
#ifndef F4E_STATE_H
#define F4E_STATE_H

#include "ranges/domain/pairs.h"
#include "ranges/domain/value.h"
#include "ranges/memory/memory.h"

struct state_cell {
    uint64_t key;   /* memory_key_make() */
    uint32_t value; /* a value number; VALUE_NONE: not an i32 */
};

/* A refinement: what is known of a value here beyond its own range. */
struct state_fact {
    uint32_t value;
    struct range range;
};

struct state {
    bool is_unreachable; /* bottom; the rest then has no meaning */
    uint32_t *slots;     /* value numbers */
    uint32_t slot_count;
    uint32_t slot_capacity;
    struct state_cell *cells; /* ascending by key */
    uint32_t cell_count;
    uint32_t cell_capacity;
    struct state_fact *facts; /* ascending by value */
    uint32_t fact_count;
    uint32_t fact_capacity;
    struct state *next; /* in the pool */
};

/* What all states of a walk share. */
struct state_context {
    struct value_table values;
    struct memory_model *memory;
    struct state *unused; /* pool */
    struct pairs pairs;   /* of the join in progress */
    struct arena *arena;
};

/* An unreachable state from the pool, and back into it. */
struct state *state_acquire(struct state_context *context);
void state_release(struct state_context *context, struct state *state);
void state_copy(struct state_context *context, struct state *to,
                const struct state *from);

void state_push(struct state_context *context, struct state *state,
                uint32_t value);
/* Of a stack that is not empty: the module is valid. */
uint32_t state_pop(struct state *state);

/* ---- state_refine.c ---- */

/* The range of a value here; top for VALUE_NONE. */
struct range state_range(const struct state_context *context,
                         const struct state *state, uint32_t value);

/* Refine a value, and the operands that it was computed from, to 'range'. The
 * state becomes unreachable when that is impossible. */
void state_refine(struct state_context *context, struct state *state,
                  uint32_t value, const struct range *range);

/* Refine by a condition that is true (not 0) or false. */
void state_assume(struct state_context *context, struct state *state,
                  uint32_t value, bool is_true);

/* ---- state.c: memory ---- */

/* The value of the word 'key', which becomes a cell. */
uint32_t state_read(struct state_context *context, struct state *state,
                    uint64_t key);

/* The word 'key' now holds 'value'. */
void state_strong_update(struct state_context *context, struct state *state,
                         uint64_t key, uint32_t value);

/* Whether a word in [start, end) is a cell. */
bool state_has_cell(const struct state *state, uint64_t start, uint64_t end);

/* The range of a word that is not a cell: as at the entry of the call, weak
 * updates since then included. */
struct range state_at_entry(struct state_context *context, uint64_t key);

/* Each word in [start, end) may now hold 'value'; VALUE_NONE: any number. */
void state_weak_update(struct state_context *context, struct state *state,
                       uint64_t start, uint64_t end, uint32_t value);

/* The join of all words in [start, end), multiples of 4. */
struct range state_read_any(struct state_context *context,
                            const struct state *state, uint64_t start,
                            uint64_t end);

/* ---- state_join.c ---- */

/* Join 'other' into 'into'. Both have stacks of the same height. */
void state_join(struct state_context *context, struct state *into,
                const struct state *other);

/* A loop-variant value: what stands at the head for something that iterations
 * change. */
struct loop_variant {
    uint32_t value;
    uint32_t growths; /* of it and of what it has replaced */
    bool grows_down;  /* that bound has just moved */
    bool grows_up;
    bool has_target; /* from extrapolation: join it when it grows next */
    struct range target;
};

/* A loop whose invariant is being searched. */
struct state_loop {
    struct state *head;
    struct loop_variant *variants;
    uint32_t variant_count;
    uint32_t variant_capacity;
    uint32_t iterations;
};

/*
 * Widen the head by 'back', the state at the back edge. False when it contained
 * that already: then it is invariant, and the last walk of the body holds for
 * every iteration. Else the body must be walked again.
 */
bool state_widen(struct state_context *context, struct state_loop *loop,
                 const struct state *back);

/*
 * Extrapolation (memory.h) of one iteration: 'extrapolated' becomes the head
 * with its growing values moved far out; false when none grows. 'back' is the
 * state at the back edge after walking the body from there, and sets targets.
 */
bool state_begin_extrapolation(struct state_context *context,
                               struct state_loop *loop,
                               struct state *extrapolated);
void state_end_extrapolation(struct state_context *context,
                             struct state_loop *loop, const struct state *back);

#endif
