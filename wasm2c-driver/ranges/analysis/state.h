/* SPDX-License-Identifier: MIT */
/*
 * One point of an execution: the operand stack with all locals of all calls in
 * progress below it, the memory words that were read or written at a known
 * address since the call began, and what conditions have told of values.
 */
#ifndef F4E_RANGES_STATE_H
#define F4E_RANGES_STATE_H

#include "ranges/analysis/memory.h"
#include "ranges/analysis/pairs.h"
#include "ranges/analysis/value.h"

struct state_cell {
    uint64_t key;   /* memory_key_make() */
    uint32_t value; /* its number, never VALUE_NONE */
};

/* What is known of a value here, beyond its own range. */
struct state_fact {
    uint32_t value;
    struct range range;
};

struct state {
    bool is_unreachable; /* nothing gets here; the rest has no meaning */
    uint32_t *slots;
    uint32_t slot_count;
    uint32_t slot_capacity;
    struct state_cell *cells; /* ascending by key */
    uint32_t cell_count;
    uint32_t cell_capacity;
    struct state_fact *facts; /* ascending by value */
    uint32_t fact_count;
    uint32_t fact_capacity;
    struct state *next; /* in the list of free ones */
};

/* Where states and values come from. */
struct state_context {
    struct value_table values;
    struct memory_model *memory;
    struct state *unused;
    struct pairs pairs; /* of the join in progress */
    struct arena *arena;
};

/* A dead state; give it back when done. */
struct state *state_acquire(struct state_context *context);
void state_release(struct state_context *context, struct state *state);
void state_copy(struct state_context *context, struct state *to,
                const struct state *from);

void state_push(struct state_context *context, struct state *state,
                uint32_t value);
uint32_t state_pop(struct state *state);

/* What a value can be here; top for VALUE_NONE. */
struct range state_range(const struct state_context *context,
                         const struct state *state, uint32_t value);

/* A value is within 'range' here. The state dies when it cannot be. */
void state_refine(struct state_context *context, struct state *state,
                  uint32_t value, const struct range *range);

/* A value used as a condition is zero, or is not. */
void state_assume(struct state_context *context, struct state *state,
                  uint32_t value, bool is_true);

/* The value of a word at a known address, read if it has not been. */
uint32_t state_read(struct state_context *context, struct state *state,
                    uint64_t key);

/* A word at a known address is now 'value'. */
void state_strong_update(struct state_context *context, struct state *state,
                         uint64_t key, uint32_t value);

/* Whether a word in [start, end) was read or written at a known address. */
bool state_has_cell(const struct state *state, uint64_t start, uint64_t end);

/* What a cell that was not touched since the call began may hold by now. */
struct range state_at_entry(struct state_context *context, uint64_t key);

/* Some word in [start, end) may now be 'value'; VALUE_NONE: anything. */
void state_weak_update(struct state_context *context, struct state *state,
                       uint64_t start, uint64_t end, uint32_t value);

/* The join of all words in [start, end), multiples of 4, as they are here. */
struct range state_read_any(struct state_context *context,
                            const struct state *state, uint64_t start,
                            uint64_t end);

/*
 * Make 'into' hold for what reaches it from 'other' too; both have the same
 * shape of stack. 'other' is kept.
 */
void state_join(struct state_context *context, struct state *into,
                const struct state *other);

/* What stands at the head of a loop for a value that each round changes. */
struct loop_variant {
    uint32_t value;
    uint32_t growths; /* so far, of what stood there before too */
    bool grows_down;  /* that bound has just moved */
    bool grows_up;
    bool has_target; /* try this when it grows again */
    struct range target;
};

/* The head of a loop while its rounds are walked. */
struct state_loop {
    struct state *head;
    struct loop_variant *variants;
    uint32_t variant_count;
    uint32_t variant_capacity;
    uint32_t iterations;
};

/*
 * Let the head hold for 'back', the state at the end of a round, too. False
 * when it did already: then what was last walked from the head holds for every
 * round. Else the head has changed and the body must be walked again.
 */
bool state_widen(struct state_context *context, struct state_loop *loop,
                 const struct state *back);

/*
 * A trial (see memory.h) of a round: 'trial' becomes the head with the values
 * that grow supposed to have grown far; false when none grows. After the body
 * was walked from it, 'back' tells where they tend to.
 */
bool state_begin_extrapolation(struct state_context *context,
                               struct state_loop *loop,
                               struct state *extrapolated);
void state_end_extrapolation(struct state_context *context,
                             struct state_loop *loop, const struct state *back);

#endif
