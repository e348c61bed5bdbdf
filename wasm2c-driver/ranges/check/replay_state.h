/* SPDX-License-Identifier: MIT */
/*
 * The abstract state at one point of a replay: the operand stack with the
 * locals of all active calls below it, the memory words (cells) accessed at a
 * constant address since the host's call began, and what conditions have
 * refined. A word that is not a cell is as the memory invariant says.
 */
#ifndef F4E_REPLAY_STATE_H
#define F4E_REPLAY_STATE_H

#include "base/u64map.h"
#include "ranges/check/certificate.h"
#include "ranges/check/term.h"

struct replay_cell {
    uint64_t key;
    uint32_t term; /* TERM_NONE: not an i32 */
};

/* A refinement: what is known of a term here beyond its own interval. */
struct replay_fact {
    uint32_t term;
    struct interval interval;
};

struct replay_state {
    bool is_unreachable; /* bottom; the rest then has no meaning */
    uint32_t *slots;     /* terms */
    uint32_t slot_count;
    uint32_t slot_capacity;
    struct replay_cell *cells; /* ascending by key */
    uint32_t cell_count;
    uint32_t cell_capacity;
    struct replay_fact *facts; /* ascending by term */
    uint32_t fact_count;
    uint32_t fact_capacity;
    struct replay_state *next; /* in the pool */
};

/* What all states of a replay share. */
struct replay_context {
    struct term_table terms;
    const struct certificate *certificate;
    struct replay_state *unused; /* pool */
    struct u64map pairs; /* of terms in the join in progress: joined term */
    uint64_t work;       /* slots, cells and facts copied and joined so far */
    struct arena *arena;
};

void replay_context_init(struct replay_context *context,
                         const struct certificate *certificate,
                         struct arena *arena);

/* An unreachable state from the pool, and back into it. */
struct replay_state *replay_state_acquire(struct replay_context *context);
void replay_state_release(struct replay_context *context,
                          struct replay_state *state);
void replay_state_copy(struct replay_context *context, struct replay_state *to,
                       const struct replay_state *from);
/* Acquire and copy. */
struct replay_state *replay_state_clone(struct replay_context *context,
                                        const struct replay_state *from);

void replay_state_push(struct replay_context *context,
                       struct replay_state *state, uint32_t term);
/* Of a stack that is not empty: the module is valid. */
uint32_t replay_state_pop(struct replay_state *state);

/* ---- replay_state_refine.c ---- */

/* The interval of a term here; top for TERM_NONE. */
struct interval replay_state_interval(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint32_t term);

/* Refine a term, and the operands that it was computed from, to 'interval'. The
 * state becomes unreachable when that is impossible. */
void replay_state_refine(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         const struct interval *interval);

/* Refine by a condition that is true (not 0) or false. */
void replay_state_assume(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         bool is_true);

/* ---- replay_state.c: memory ---- */

/* The term of the cell 'key', or TERM_NONE when it is no cell. */
uint32_t replay_state_find(const struct replay_state *state, uint64_t key);

/* The term of the word 'key', which becomes a cell. */
uint32_t replay_state_read(struct replay_context *context,
                           struct replay_state *state, uint64_t key);

/* The word 'key' now holds 'term'. */
void replay_state_strong_update(struct replay_context *context,
                                struct replay_state *state, uint64_t key,
                                uint32_t term);

/* The join of all words in [start, end), multiples of 4. */
struct interval replay_state_read_any(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint64_t start, uint64_t end);

/* Each word in [start, end) may now be 'what'. False when the memory invariant
 * does not allow that of one of them. */
bool replay_state_weak_update(struct replay_context *context,
                              struct replay_state *state, uint64_t start,
                              uint64_t end, const struct interval *what);

/* ---- replay_state_join.c ---- */

/* Join 'other' into 'into'. Both have stacks of the same height. */
void replay_state_join(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *other);

#endif
