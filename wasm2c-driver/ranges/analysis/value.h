/* SPDX-License-Identifier: MIT */
/*
 * Value numbers: one for each distinct value that an execution computes, as far
 * as that can be told. Equal numbers mean equal values, so a condition on one
 * holds wherever the value was copied to, memory cells included.
 *
 * A value is a constant, an instruction applied to other values (the same
 * instruction on the same values is the same value), or a leaf: something of
 * which only a range is known. A leaf is never used for a second value.
 */
#ifndef F4E_RANGES_VALUE_H
#define F4E_RANGES_VALUE_H

#include "base/arena.h"
#include "ranges/analysis/range.h"

/* No number: a float, a 64-bit integer, or anything not followed. */
enum { VALUE_NONE = 0 };

enum value_kind { VALUE_SYMBOL, VALUE_CONSTANT, VALUE_UNARY, VALUE_BINARY };

struct value {
    enum value_kind kind;
    uint32_t code; /* of the instruction; 0 for a leaf or a constant */
    uint32_t a;
    uint32_t b;
    struct range range; /* holds whatever the state: from the operands' own */
    uint64_t key;       /* of a leaf: the word that it stood in, or none */
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

/* Forget all values. */
void value_table_clear(struct value_table *table);

uint32_t value_fresh(struct value_table *table, struct range range);
/* What a word (memory_key_make()) holds; to know what it is compared with. */
uint32_t value_fresh_word(struct value_table *table, struct range range,
                          uint64_t key);
uint32_t value_constant(struct value_table *table, uint32_t number);

/*
 * The value of an instruction with one or two operands, neither VALUE_NONE.
 * Differences, shifts by constants and chains of sums come out as one form, so
 * that more of them are told to be equal.
 */
uint32_t value_unary(struct value_table *table, uint32_t code, uint32_t a);
uint32_t value_binary(struct value_table *table, uint32_t code, uint32_t a,
                      uint32_t b);

/*
 * Whether 'value' goes a part of the way from '*from' to '*to', as smoothing
 * does: x + (y - x) / n, x + (y - x >> n), x - (x - y) / n, x - (x - y >> n).
 * It lies between the two, both included, where neither difference wraps round.
 */
bool value_is_interpolation(const struct value_table *table,
                            const struct value *value, uint32_t *from,
                            uint32_t *to);

/* Then 'range' is no wider than the way from 'x' to 'y'. */
void value_refine_interpolation(struct range *range, const struct range *x,
                                const struct range *y);

/* The word that 'value' less '*more' stood in when it was read or joined, or
 * VALUE_NO_KEY. */
uint64_t value_origin(const struct value_table *table, uint32_t value,
                      uint32_t *offset);

/* True, and the number, of a constant. */
bool value_is_constant(const struct value_table *table, uint32_t value,
                       uint32_t *number);

#endif
