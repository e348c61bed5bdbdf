/* SPDX-License-Identifier: MIT */
#include "ranges/domain/value.h"

#include "wasm/body.h"

#include <string.h>

void value_table_init(struct value_table *table, struct arena *arena)
{
    enum { START = 1024 };
    *table = (struct value_table){.count = 1, .capacity = START};
    table->arena = arena;
    table->values = arena_alloc(arena, START, sizeof(*table->values));
    table->slot_count = 2 * START;
    table->slots = arena_alloc(arena, table->slot_count, sizeof(uint32_t));
}

void value_table_clear(struct value_table *table)
{
    table->count = 1;
    memset(table->slots, 0, table->slot_count * sizeof(uint32_t));
}

/* Of shared values only; symbols are not looked up. */
static uint32_t hash(const struct value *value)
{
    uint64_t h = (uint64_t)value->kind << 32 | value->code;
    h = (h ^ value->a) * UINT64_C(0x9e3779b97f4a7c15);
    h = (h ^ (h >> 29) ^ value->b) * UINT64_C(0xbf58476d1ce4e5b9);
    return (uint32_t)(h >> 32);
}

static bool is_same(const struct value *x, const struct value *y)
{
    return x->kind == y->kind && x->code == y->code && x->a == y->a &&
           x->b == y->b;
}

static uint32_t *find_slot(const struct value_table *table,
                           const struct value *value)
{
    uint32_t at = hash(value) & (table->slot_count - 1);
    while (table->slots[at] != 0 &&
           !is_same(&table->values[table->slots[at]], value)) {
        at = (at + 1) & (table->slot_count - 1);
    }
    return &table->slots[at];
}

static void grow(struct value_table *table)
{
    struct value *old = table->values;
    table->capacity *= 2;
    table->values =
        arena_alloc(table->arena, table->capacity, sizeof(*table->values));
    memcpy(table->values, old, table->count * sizeof(*old));
    table->slot_count = 2 * table->capacity;
    table->slots =
        arena_alloc(table->arena, table->slot_count, sizeof(uint32_t));
    for (uint32_t i = 1; i < table->count; i++) {
        if (table->values[i].kind != VALUE_SYMBOL) {
            *find_slot(table, &table->values[i]) = i;
        }
    }
}

static uint32_t add_value(struct value_table *table, const struct value *value)
{
    if (table->count == table->capacity) {
        grow(table);
    }
    table->values[table->count] = *value;
    return table->count++;
}

static uint32_t share(struct value_table *table, const struct value *value)
{
    uint32_t found = *find_slot(table, value);
    if (found == 0) {
        found = add_value(table, value);
        *find_slot(table, value) = found;
    }
    return found;
}

uint32_t value_fresh_word(struct value_table *table, struct range range,
                          uint64_t key)
{
    if (range_is_constant(&range)) {
        return value_constant(table, (uint32_t)range.lo);
    }
    const struct value symbol = {
        .kind = VALUE_SYMBOL, .range = range, .key = key};
    return add_value(table, &symbol);
}

uint32_t value_fresh(struct value_table *table, struct range range)
{
    return value_fresh_word(table, range, VALUE_NO_KEY);
}

uint64_t value_origin(const struct value_table *table, uint32_t value,
                      uint32_t *offset)
{
    const struct value *symbol = &table->values[value];
    *offset = 0;
    if (symbol->kind == VALUE_BINARY && symbol->code == CODE_I32_ADD &&
        value_is_constant(table, symbol->b, offset)) {
        symbol = &table->values[symbol->a];
    }
    return symbol->kind == VALUE_SYMBOL ? symbol->key : VALUE_NO_KEY;
}

uint32_t value_constant(struct value_table *table, uint32_t number)
{
    const struct value constant = {
        .kind = VALUE_CONSTANT, .a = number, .range = range_constant(number)};
    return share(table, &constant);
}

bool value_is_constant(const struct value_table *table, uint32_t value,
                       uint32_t *number)
{
    *number = table->values[value].a;
    return table->values[value].kind == VALUE_CONSTANT;
}

/* Whether 'value' is a fraction of a difference a - b. */
static bool fraction_of_difference(const struct value_table *table,
                                   uint32_t value, uint32_t *a, uint32_t *b)
{
    uint32_t number = 0;
    const struct value *part = &table->values[value];
    if (part->kind != VALUE_BINARY ||
        !value_is_constant(table, part->b, &number) ||
        (part->code != CODE_I32_SHR_S &&
         (part->code != CODE_I32_DIV_S || (int32_t)number < 1))) {
        return false;
    }
    const struct value *difference = &table->values[part->a];
    *a = difference->a;
    *b = difference->b;
    return difference->kind == VALUE_BINARY && difference->code == CODE_I32_SUB;
}

bool value_is_interpolation(const struct value_table *table,
                            const struct value *sum, uint32_t *from,
                            uint32_t *to)
{
    if (sum->kind != VALUE_BINARY) {
        return false;
    }
    if (sum->code == CODE_I32_SUB) {
        *from = sum->a;
        uint32_t start = 0;
        return fraction_of_difference(table, sum->b, &start, to) &&
               start == *from;
    }
    for (int i = 0; sum->code == CODE_I32_ADD && i < 2; i++) {
        uint32_t start = 0;
        *from = i == 0 ? sum->a : sum->b;
        if (fraction_of_difference(table, i == 0 ? sum->b : sum->a, to,
                                   &start) &&
            start == *from) {
            return true;
        }
    }
    return false;
}

void value_refine_interpolation(struct range *range, const struct range *x,
                                const struct range *y)
{
    if ((int64_t)y->hi - x->lo <= INT32_MAX &&
        (int64_t)x->hi - y->lo <= INT32_MAX) {
        const struct range way = range_between(x->lo < y->lo ? x->lo : y->lo,
                                               x->hi > y->hi ? x->hi : y->hi);
        (void)range_meet(range, range, &way);
    }
}

uint32_t value_unary(struct value_table *table, uint32_t code, uint32_t a)
{
    struct value value = {.kind = VALUE_UNARY, .code = code, .a = a};
    value.range = range_unary(code, &table->values[a].range);
    return range_is_constant(&value.range)
               ? value_constant(table, (uint32_t)value.range.lo)
               : share(table, &value);
}

static uint32_t combine(struct value_table *table, uint32_t code, uint32_t a,
                        uint32_t b)
{
    struct value value = {.kind = VALUE_BINARY, .code = code, .a = a, .b = b};
    value.range =
        range_binary(code, &table->values[a].range, &table->values[b].range);
    uint32_t from = VALUE_NONE;
    uint32_t to = VALUE_NONE;
    if (value_is_interpolation(table, &value, &from, &to)) {
        value_refine_interpolation(&value.range, &table->values[from].range,
                                   &table->values[to].range);
    }
    return range_is_constant(&value.range)
               ? value_constant(table, (uint32_t)value.range.lo)
               : share(table, &value);
}

/* a + c, canonical: (x + d) + c is x + (d + c). */
static uint32_t add_constant(struct value_table *table, uint32_t a, uint32_t c)
{
    uint32_t d = 0;
    const struct value *value = &table->values[a];
    if (value->kind == VALUE_BINARY && value->code == CODE_I32_ADD &&
        value_is_constant(table, value->b, &d)) {
        a = value->a;
        c += d;
    }
    return c == 0 ? a
                  : combine(table, CODE_I32_ADD, a, value_constant(table, c));
}

uint32_t value_binary(struct value_table *table, uint32_t code, uint32_t a,
                      uint32_t b)
{
    uint32_t number = 0;
    if ((code == CODE_I32_ADD || code == CODE_I32_MUL) &&
        value_is_constant(table, a, &number)) {
        uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    if (code == CODE_I32_SUB && a == b) {
        return value_constant(table, 0);
    }
    if (!value_is_constant(table, b, &number)) {
        return combine(table, code, a, b);
    }
    switch (code) {
    case CODE_I32_ADD:
        return add_constant(table, a, number);
    case CODE_I32_SUB:
        return add_constant(table, a, 0u - number);
    case CODE_I32_SHL:
        return value_binary(
            table, CODE_I32_MUL, a,
            value_constant(table, UINT32_C(1) << (number & 31)));
    case CODE_I32_MUL:
        return number == 1 ? a : combine(table, code, a, b);
    default:
        return combine(table, code, a, b);
    }
}
