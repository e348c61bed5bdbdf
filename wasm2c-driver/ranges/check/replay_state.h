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

#include "ranges/check/certificate.h"
#include "ranges/check/term.h"

struct moment_word {
    uint64_t key;
    uint32_t term;
};

/* More than the term's own interval. */
struct moment_fact {
    uint32_t term;
    struct interval interval;
};

struct moment {
    bool is_never; /* nothing gets here; the rest has no meaning */
    uint32_t *stack;
    uint32_t height;
    uint32_t stack_room;
    struct moment_word *words; /* ascending */
    uint32_t word_count;
    uint32_t word_room;
    struct moment_fact *facts; /* ascending by term */
    uint32_t fact_count;
    uint32_t fact_room;
    struct moment *next; /* of those not in use */
};

/* Two terms that met in the same place, and what stands there from then on. */
struct moment_pair {
    uint32_t a;
    uint32_t b;
    uint32_t term;
};

/* What all moments of a check share. */
struct moments {
    struct terms terms;
    const struct certificate *certificate;
    struct moment *unused;
    struct moment_pair *pairs; /* of the join in progress */
    uint32_t pair_count;
    uint32_t pair_room;
    uint32_t *pair_table; /* 2 * pair_room; an index + 1, or 0 */
    uint64_t work;        /* places and facts copied and joined so far */
    struct arena *arena;
};

void moments_init(struct moments *moments,
                  const struct certificate *certificate, struct arena *arena);

/* One that nothing gets to, or a copy; and back. */
struct moment *moment_take(struct moments *moments);
struct moment *moment_copy(struct moments *moments, const struct moment *from);
void moment_give(struct moments *moments, struct moment *moment);
/* Make '*to' what '*from' is. */
void moment_set(struct moments *moments, struct moment *to,
                const struct moment *from);

void moment_push(struct moments *moments, struct moment *moment, uint32_t term);
/* Of a stack that is not empty: the module is valid. */
uint32_t moment_pop(struct moment *moment);

/* What a term can be at this moment; any number for TERM_NONE. */
struct interval moment_look(const struct moments *moments,
                            const struct moment *moment, uint32_t term);

/* From now on: the term lies in there. */
void moment_learn(struct moments *moments, struct moment *moment, uint32_t term,
                  const struct interval *interval);

/* From now on: the term is 0, or it is not. */
void moment_branch(struct moments *moments, struct moment *moment,
                   uint32_t term, bool is_true);

/* The term of the word at 'key', or TERM_NONE when it is not followed. */
uint32_t moment_find(const struct moment *moment, uint64_t key);

/* The same, followed from now on. */
uint32_t moment_read(struct moments *moments, struct moment *moment,
                     uint64_t key);

/* The word at 'key' is now 'term', which is not TERM_NONE. */
void moment_write(struct moments *moments, struct moment *moment, uint64_t key,
                  uint32_t term);

/* Any of the words in [start, end). */
struct interval moment_read_some(const struct moments *moments,
                                 const struct moment *moment, uint64_t start,
                                 uint64_t end);

/* One of the words in [start, end), or none, is now 'what'. False when the
 * certificate does not allow that of a word which is not followed. */
bool moment_write_some(struct moments *moments, struct moment *moment,
                       uint64_t start, uint64_t end,
                       const struct interval *what);

/* ---- moment_join.c ---- */

/* 'into' is one or the other from now on. Stacks have the same height. */
void moment_join(struct moments *moments, struct moment *into,
                 const struct moment *other);

#endif
