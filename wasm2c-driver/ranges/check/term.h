/* SPDX-License-Identifier: MIT */
/*
 * Terms: the check's value numbers. A term is a fresh symbol, of which an
 * interval is known, or an instruction applied to other terms, shared with all
 * instructions like it. Equal terms are equal numbers, so that what a condition
 * refines holds of all copies. A constant is a symbol with one number.
 */
#ifndef F4E_TERM_H
#define F4E_TERM_H

#include "base/arena.h"
#include "ranges/check/interval.h"

/* No term: a float or a 64-bit integer. */
enum { TERM_NONE = 0 };

struct term {
    uint32_t code;            /* 0: a symbol */
    uint32_t a;               /* of an instruction: operands */
    uint32_t b;               /* TERM_NONE: it has one operand */
    struct interval interval; /* in every state */
};

struct term_table {
    struct term *list; /* by number; [0] is not used */
    uint32_t count;
    uint32_t capacity;
    uint32_t *table; /* of a hash table; 0: free */
    uint32_t table_size;
    struct arena *arena;
};

void terms_init(struct term_table *terms, struct arena *arena);

/* Remove all terms. */
void terms_clear(struct term_table *terms);

/* A fresh symbol; the shared constant when 'interval' is one. */
uint32_t term_fresh(struct term_table *terms, struct interval interval);
uint32_t term_constant(struct term_table *terms, uint32_t number);

/*
 * The term of an instruction whose operands are not TERM_NONE; 'b' is for an
 * instruction with one operand. Sums with constants, differences from and
 * shifts by constants are canonicalised.
 */
uint32_t term_apply(struct term_table *terms, uint32_t code, uint32_t a,
                    uint32_t b);

/*
 * Whether 'term' interpolates from '*x' towards '*y': x + (y - x) / n,
 * x - (x - y) / n, or the same with an arithmetic shift. It lies between the
 * two, both included, where neither difference wraps around.
 */
bool term_is_interpolation(const struct term_table *terms,
                           const struct term *term, uint32_t *x, uint32_t *y);

/* Then meet '*known' with the join of the bounds of 'x' and 'y'. */
void term_refine_interpolation(struct interval *known, const struct interval *x,
                               const struct interval *y);

/* Whether it has one number, and that. */
bool term_is_constant(const struct term_table *terms, uint32_t term,
                      uint32_t *number);

#endif
