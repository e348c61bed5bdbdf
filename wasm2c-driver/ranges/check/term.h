/* SPDX-License-Identifier: MIT */
/*
 * Terms: names for the integers of one execution. A term is an unknown, which
 * stands for one number that we know an interval of; or an instruction applied
 * to other terms, where the same instruction on the same terms is the same
 * term. One term is one number, wherever it is kept, so what a condition tells
 * of it holds of all its copies. A constant is an unknown with one number.
 */
#ifndef F4E_CHECK_TERM_H
#define F4E_CHECK_TERM_H

#include "base/arena.h"
#include "ranges/check/interval.h"

/* In the place of a term: a float or a 64-bit integer. */
enum { TERM_NONE = 0 };

struct term {
    uint32_t code; /* 0 for an unknown; else a and b, TERM_NONE for one operand
                      that there is not, */
    uint32_t a;
    uint32_t b;
    struct interval interval; /* true of it at any point of the execution */
};

struct term_table {
    struct term *list; /* by number; [0] is none */
    uint32_t count;
    uint32_t capacity;
    uint32_t *table; /* open addressing; 0: free */
    uint32_t table_size;
    struct arena *arena;
};

void terms_init(struct term_table *terms, struct arena *arena);

/* For another execution. */
void terms_clear(struct term_table *terms);

/* A number that is like no other, but for a constant. */
uint32_t term_fresh(struct term_table *terms, struct interval interval);
uint32_t term_constant(struct term_table *terms, uint32_t number);

/*
 * What an instruction gives for terms that are none of them TERM_NONE; 'b' is
 * TERM_NONE for one with one operand. Sums with constants, differences from and
 * shifts by constants are brought to one form.
 */
uint32_t term_apply(struct term_table *terms, uint32_t code, uint32_t a,
                    uint32_t b);

/*
 * A term that is a step from x towards y: x + (y - x) / n, x - (x - y) / n, or
 * the same with an arithmetic shift. When neither difference can wrap round, it
 * is between them: '*known' loses what is not. 'x' and 'y' come with what is
 * known of them.
 */
bool term_is_interpolation(const struct term_table *terms,
                           const struct term *term, uint32_t *x, uint32_t *y);
void term_refine_interpolation(struct interval *known, const struct interval *x,
                               const struct interval *y);

/* Whether it has one number, in '*number'. */
bool term_is_constant(const struct term_table *terms, uint32_t term,
                      uint32_t *number);

#endif
