/* SPDX-License-Identifier: MIT */
/*
 * One moment of an execution: the stack, from the arguments and locals of the
 * host's call up to the operands of the innermost one; the memory words that
 * the call has read or written at known addresses; and what conditions have
 * told of terms. Words that are not among these hold what the certificate says,
 * as they do between calls.
 */
#ifndef F4E_CHECK_MOMENT_H
#define F4E_CHECK_MOMENT_H

#include "base/u64map.h"
#include "ranges/check/certificate.h"
#include "ranges/check/term.h"

struct replay_cell {
    uint64_t key;
    uint32_t term;
};

/* More than the term's own interval. */
struct replay_fact {
    uint32_t term;
    struct interval interval;
};

struct replay_state {
    bool is_unreachable; /* nothing gets here; the rest has no meaning */
    uint32_t *slots;
    uint32_t slot_count;
    uint32_t slot_capacity;
    struct replay_cell *cells; /* ascending */
    uint32_t cell_count;
    uint32_t cell_capacity;
    struct replay_fact *facts; /* ascending by term */
    uint32_t fact_count;
    uint32_t fact_capacity;
    struct replay_state *next; /* of those not in use */
};

/* What all moments of a check share. */
struct replay_context {
    struct term_table terms;
    const struct certificate *certificate;
    struct replay_state *unused;
    struct u64map pairs; /* of the join in progress: the joined term */
    uint64_t work;       /* places and facts copied and joined so far */
    struct arena *arena;
};

void replay_context_init(struct replay_context *context,
                         const struct certificate *certificate,
                         struct arena *arena);

/* One that nothing gets to, or a copy; and back. */
struct replay_state *replay_state_acquire(struct replay_context *context);
struct replay_state *replay_state_clone(struct replay_context *context,
                                        const struct replay_state *from);
void replay_state_release(struct replay_context *context,
                          struct replay_state *state);
/* Make '*to' what '*from' is. */
void replay_state_copy(struct replay_context *context, struct replay_state *to,
                       const struct replay_state *from);

void replay_state_push(struct replay_context *context,
                       struct replay_state *state, uint32_t term);
/* Of a stack that is not empty: the module is valid. */
uint32_t replay_state_pop(struct replay_state *state);

/* What a term can be at this moment; any number for TERM_NONE. */
struct interval replay_state_interval(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint32_t term);

/* From now on: the term lies in there. */
void replay_state_refine(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         const struct interval *interval);

/* From now on: the term is 0, or it is not. */
void replay_state_assume(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         bool is_true);

/* The term of the word at 'key', or TERM_NONE when it is not followed. */
uint32_t replay_state_find(const struct replay_state *state, uint64_t key);

/* The same, followed from now on. */
uint32_t replay_state_read(struct replay_context *context,
                           struct replay_state *state, uint64_t key);

/* The word at 'key' is now 'term', which is not TERM_NONE. */
void replay_state_strong_update(struct replay_context *context,
                                struct replay_state *state, uint64_t key,
                                uint32_t term);

/* Any of the words in [start, end). */
struct interval replay_state_read_any(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint64_t start, uint64_t end);

/* One of the words in [start, end), or none, is now 'what'. False when the
 * certificate does not allow that of a word which is not followed. */
bool replay_state_weak_update(struct replay_context *context,
                              struct replay_state *state, uint64_t start,
                              uint64_t end, const struct interval *what);

/* ---- replay_state_join.c ---- */

/* 'into' is one or the other from now on. Stacks have the same height. */
void replay_state_join(struct replay_context *context,
                       struct replay_state *into,
                       const struct replay_state *other);

#endif
