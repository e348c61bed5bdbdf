/* SPDX-License-Identifier: MIT */
/*
 * Value numbering: one number for each distinct i32 value of a walk, as far as
 * that is decided. Equal numbers are equal values, so that what a condition
 * refines holds wherever the value was copied to, memory included.
 *
 * A value is a constant; an instruction applied to other values, shared with
 * all instructions like it; or a fresh symbol, of which a range is known and
 * which is never used for a second value.
 */
#ifndef F4E_VALUE_H
#define F4E_VALUE_H

#include "base/arena.h"
#include "ranges/domain/range.h"

/* No number: a float, a 64-bit integer, or what is not followed. */
enum { VALUE_NONE = 0 };

enum value_kind { VALUE_SYMBOL, VALUE_CONSTANT, VALUE_UNARY, VALUE_BINARY };

struct value {
    enum value_kind kind;
    uint32_t code; /* of the instruction; 0 for a symbol or a constant */
    uint32_t a;    /* operands; of a constant, the number */
    uint32_t b;
    struct range range; /* in every state: from the operands' own ranges */
    uint64_t key;       /* of a symbol: the word that it came from, if any */
};

#define VALUE_NO_KEY UINT64_MAX

struct value_table {
    struct value *values; /* by number; [0] is not used */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* of a hash table; 0: free */
    uint32_t slot_count;
    struct arena *arena;
};

void value_table_init(struct value_table *table, struct arena *arena);

/* Remove all values. */
void value_table_clear(struct value_table *table);

/* A fresh symbol; a constant when 'range' is one. The second is of a word
 * (memory_key_make()), whose thresholds it then has. */
uint32_t value_fresh(struct value_table *table, struct range range);
uint32_t value_fresh_word(struct value_table *table, struct range range,
                          uint64_t key);
uint32_t value_constant(struct value_table *table, uint32_t number);

/*
 * The value of an instruction with one or two operands, neither VALUE_NONE.
 * Sums with constants, differences from and shifts by constants are
 * canonicalised, so that more of them are the same value.
 */
uint32_t value_unary(struct value_table *table, uint32_t code, uint32_t a);
uint32_t value_binary(struct value_table *table, uint32_t code, uint32_t a,
                      uint32_t b);

/*
 * Whether 'value' interpolates from '*from' towards '*to', as smoothing does:
 * x + (y - x) / n, x + (y - x >> n), x - (x - y) / n, x - (x - y >> n). It lies
 * between the two, both included, where neither difference wraps around.
 */
bool value_is_interpolation(const struct value_table *table,
                            const struct value *value, uint32_t *from,
                            uint32_t *to);

/* Then meet 'range' with the join of the bounds of 'x' and 'y'. */
void value_refine_interpolation(struct range *range, const struct range *x,
                                const struct range *y);

/* The word that 'value' less '*offset' was read from, or VALUE_NO_KEY. */
uint64_t value_origin(const struct value_table *table, uint32_t value,
                      uint32_t *offset);

/* Whether it is a constant, and its number. */
bool value_is_constant(const struct value_table *table, uint32_t value,
                       uint32_t *number);

#endif
