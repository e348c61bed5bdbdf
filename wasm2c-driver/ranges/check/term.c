/* SPDX-License-Identifier: MIT */
#include "ranges/check/term.h"

#include "wasm/opcode.h"

#include <string.h>

void terms_init(struct term_table *terms, struct arena *arena)
{
    enum { ROOM = 512 };
    *terms = (struct term_table){.count = 1, .capacity = ROOM, .arena = arena};
    terms->list = arena_alloc(arena, ROOM, sizeof(*terms->list));
    terms->table_size = 2 * ROOM;
    terms->table = arena_alloc(arena, terms->table_size, sizeof(uint32_t));
}

void terms_clear(struct term_table *terms)
{
    terms->count = 1;
    memset(terms->table, 0, terms->table_size * sizeof(*terms->table));
}

/* Symbols are not looked up; constants are, by their number. */
static bool is_shared(const struct term *term)
{
    return term->code != 0 || interval_is_constant(&term->interval);
}

static bool is_equal(const struct term *x, const struct term *y)
{
    return x->code == y->code && x->a == y->a && x->b == y->b &&
           (x->code != 0 || x->interval.lo == y->interval.lo);
}

/* The slot of the term in the table, or the free one where it belongs. */
static uint32_t *find_slot(const struct term_table *terms,
                           const struct term *term)
{
    uint64_t hash = term->code != 0 ? term->code : (uint64_t)term->interval.lo;
    hash = (hash * 31 + term->a) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash + term->b) * UINT64_C(0xff51afd7ed558ccd);
    uint32_t at = (uint32_t)(hash >> 32) % terms->table_size;
    while (terms->table[at] != 0 &&
           !is_equal(&terms->list[terms->table[at]], term)) {
        at = at + 1 == terms->table_size ? 0 : at + 1;
    }
    return &terms->table[at];
}

static void grow(struct term_table *terms)
{
    const struct term *old = terms->list;
    terms->capacity *= 2;
    terms->list =
        arena_alloc(terms->arena, terms->capacity, sizeof(*terms->list));
    memcpy(terms->list, old, terms->count * sizeof(*old));
    terms->table_size = 2 * terms->capacity;
    terms->table =
        arena_alloc(terms->arena, terms->table_size, sizeof(*terms->table));
    for (uint32_t i = 1; i < terms->count; i++) {
        if (is_shared(&terms->list[i])) {
            *find_slot(terms, &terms->list[i]) = i;
        }
    }
}

static uint32_t add(struct term_table *terms, const struct term *term)
{
    if (is_shared(term) && *find_slot(terms, term) != 0) {
        return *find_slot(terms, term);
    }
    if (terms->count == terms->capacity) {
        grow(terms);
    }
    if (is_shared(term)) {
        *find_slot(terms, term) = terms->count;
    }
    terms->list[terms->count] = *term;
    return terms->count++;
}

uint32_t term_fresh(struct term_table *terms, struct interval interval)
{
    const struct term term = {.interval = interval};
    return add(terms, &term);
}

uint32_t term_constant(struct term_table *terms, uint32_t number)
{
    return term_fresh(terms, interval_constant(number));
}

bool term_is_constant(const struct term_table *terms, uint32_t term,
                      uint32_t *number)
{
    *number = (uint32_t)terms->list[term].interval.lo;
    return interval_is_constant(&terms->list[term].interval);
}

/* The difference that 'term' is a fraction of: it is divided by a positive
 * number or shifted, and so nearer to 0. NULL when it is none. */
static const struct term *fraction_of_difference(const struct term_table *terms,
                                                 uint32_t term)
{
    const struct term *share = &terms->list[term];
    uint32_t number = 0;
    bool is_share =
        share->code == CODE_I32_DIV_S || share->code == CODE_I32_SHR_S;
    if (!is_share || !term_is_constant(terms, share->b, &number) ||
        (share->code == CODE_I32_DIV_S && (int32_t)number <= 0)) {
        return NULL;
    }
    const struct term *difference = &terms->list[share->a];
    return difference->code == CODE_I32_SUB ? difference : NULL;
}

bool term_is_interpolation(const struct term_table *terms,
                           const struct term *term, uint32_t *x, uint32_t *y)
{
    const struct term *difference = NULL;
    if (term->code == CODE_I32_SUB) { /* x - fraction of (x - y) */
        difference = fraction_of_difference(terms, term->b);
        if (difference != NULL && difference->a == term->a) {
            *x = difference->a;
            *y = difference->b;
            return true;
        }
    }
    if (term->code == CODE_I32_ADD) { /* x + fraction of (y - x), or swapped */
        const uint32_t sides[2][2] = {{term->a, term->b}, {term->b, term->a}};
        for (int i = 0; i < 2; i++) {
            difference = fraction_of_difference(terms, sides[i][1]);
            if (difference != NULL && difference->b == sides[i][0]) {
                *x = difference->b;
                *y = difference->a;
                return true;
            }
        }
    }
    return false;
}

void term_refine_interpolation(struct interval *known, const struct interval *x,
                               const struct interval *y)
{
    int64_t lo = x->lo < y->lo ? x->lo : y->lo;
    int64_t hi = x->hi > y->hi ? x->hi : y->hi;
    if (y->hi - x->lo <= INT32_MAX && x->hi - y->lo <= INT32_MAX) {
        const struct interval between = interval_between(lo, hi);
        (void)interval_meet(known, &between);
    }
}

static uint32_t combine(struct term_table *terms, uint32_t code, uint32_t a,
                        uint32_t b)
{
    struct term term = {.code = code, .a = a, .b = b};
    const struct interval *x = &terms->list[a].interval;
    const struct interval *y = &terms->list[b].interval;
    term.interval =
        b == TERM_NONE ? interval_unary(code, x) : interval_binary(code, x, y);
    uint32_t from = TERM_NONE;
    uint32_t to = TERM_NONE;
    if (term_is_interpolation(terms, &term, &from, &to)) {
        term_refine_interpolation(&term.interval, &terms->list[from].interval,
                                  &terms->list[to].interval);
    }
    return interval_is_constant(&term.interval)
               ? term_fresh(terms, term.interval)
               : add(terms, &term);
}

/* a + number, canonical: (x + other) + number is x + (other + number). */
static uint32_t add_number(struct term_table *terms, uint32_t a,
                           uint32_t number)
{
    const struct term *term = &terms->list[a];
    uint32_t other = 0;
    if (term->code == CODE_I32_ADD &&
        term_is_constant(terms, term->b, &other)) {
        a = term->a;
        number += other;
    }
    return number == 0
               ? a
               : combine(terms, CODE_I32_ADD, a, term_constant(terms, number));
}

uint32_t term_apply(struct term_table *terms, uint32_t code, uint32_t a,
                    uint32_t b)
{
    uint32_t number = 0;
    if (b == TERM_NONE) {
        return combine(terms, code, a, b);
    }
    if (code == CODE_I32_SUB && a == b) {
        return term_constant(terms, 0);
    }
    if ((code == CODE_I32_ADD || code == CODE_I32_MUL) &&
        term_is_constant(terms, a, &number)) {
        return term_is_constant(terms, b, &number)
                   ? combine(terms, code, a, b)
                   : term_apply(terms, code, b, a);
    }
    if (!term_is_constant(terms, b, &number)) {
        return combine(terms, code, a, b);
    }
    switch (code) {
    case CODE_I32_ADD:
        return add_number(terms, a, number);
    case CODE_I32_SUB:
        return add_number(terms, a, 0u - number);
    case CODE_I32_MUL:
        return number == 1 ? a : combine(terms, code, a, b);
    case CODE_I32_SHL: /* times a power of two */
        return term_apply(terms, CODE_I32_MUL, a,
                          term_constant(terms, UINT32_C(1) << number % 32));
    default:
        return combine(terms, code, a, b);
    }
}
