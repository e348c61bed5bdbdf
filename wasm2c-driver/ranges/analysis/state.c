/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/state.h"

#include "wasm/body.h"

#include <string.h>

enum {
    LOOK_DEPTH = 6,  /* operands of operands that a range is computed from */
    LEARN_DEPTH = 8, /* operands of operands that a condition reaches */
};

struct state *state_take(struct state_world *world)
{
    struct state *state = world->unused;
    if (state == NULL) {
        state = arena_alloc(world->arena, 1, sizeof(*state));
    } else {
        world->unused = state->next;
    }
    state->is_dead = true;
    state->slot_count = 0;
    state->cell_count = 0;
    state->fact_count = 0;
    return state;
}

void state_give(struct state_world *world, struct state *state)
{
    state->next = world->unused;
    world->unused = state;
}

static void *resize(void *old, uint32_t count, uint32_t *capacity, size_t size,
                    struct arena *arena)
{
    if (count <= *capacity) {
        return old;
    }
    *capacity = 2 * count;
    return arena_alloc(arena, *capacity, size);
}

void state_copy(struct state_world *world, struct state *to,
                const struct state *from)
{
    struct arena *arena = world->arena;
    to->is_dead = from->is_dead;
    to->slots = resize(to->slots, from->slot_count, &to->slot_capacity,
                       sizeof(*to->slots), arena);
    to->cells = resize(to->cells, from->cell_count, &to->cell_capacity,
                       sizeof(*to->cells), arena);
    to->facts = resize(to->facts, from->fact_count, &to->fact_capacity,
                       sizeof(*to->facts), arena);
    to->slot_count = from->slot_count;
    to->cell_count = from->cell_count;
    to->fact_count = from->fact_count;
    if (from->slot_count > 0) {
        memcpy(to->slots, from->slots, from->slot_count * sizeof(*to->slots));
    }
    if (from->cell_count > 0) {
        memcpy(to->cells, from->cells, from->cell_count * sizeof(*to->cells));
    }
    if (from->fact_count > 0) {
        memcpy(to->facts, from->facts, from->fact_count * sizeof(*to->facts));
    }
}

void state_push(struct state_world *world, struct state *state, uint32_t value)
{
    state->slots = arena_grow(world->arena, state->slots, state->slot_count,
                              &state->slot_capacity, sizeof(*state->slots));
    state->slots[state->slot_count++] = value;
}

uint32_t state_pop(struct state *state)
{
    return state->slots[--state->slot_count];
}

/* ---- What is known of values ---- */

/* The first fact on a value not below 'value'. */
static uint32_t find_fact(const struct state *state, uint32_t value)
{
    uint32_t low = 0;
    uint32_t high = state->fact_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->facts[middle].value < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void set_fact(struct state_world *world, struct state *state,
                     uint32_t value, const struct range *range)
{
    uint32_t at = find_fact(state, value);
    if (at < state->fact_count && state->facts[at].value == value) {
        state->facts[at].range = *range;
        return;
    }
    state->facts = arena_grow(world->arena, state->facts, state->fact_count,
                              &state->fact_capacity, sizeof(*state->facts));
    memmove(&state->facts[at + 1], &state->facts[at],
            (state->fact_count - at) * sizeof(*state->facts));
    state->facts[at] = (struct state_fact){value, *range};
    state->fact_count++;
}

/* Facts cannot contradict each other in a state that something reaches; where
 * they seem to, nothing does, and either is as good. */
static void narrow(struct range *range, const struct range *by)
{
    (void)range_meet(range, range, by);
}

static struct range look(const struct state_world *world,
                         const struct state *state, uint32_t number,
                         unsigned depth)
{
    uint32_t from = VALUE_NONE;
    uint32_t to = VALUE_NONE;
    const struct value *value = &world->values.values[number];
    struct range range = value->range;
    uint32_t at = find_fact(state, number);
    if (at < state->fact_count && state->facts[at].value == number) {
        narrow(&range, &state->facts[at].range);
    }
    if (depth == 0 || state->fact_count == 0 ||
        (value->kind != VALUE_UNARY && value->kind != VALUE_BINARY)) {
        return range;
    }
    const struct range a = look(world, state, value->a, depth - 1);
    struct range result = range_top();
    if (value->kind == VALUE_UNARY) {
        result = range_unary(value->code, &a);
    } else {
        const struct range b = look(world, state, value->b, depth - 1);
        result = range_binary(value->code, &a, &b);
    }
    narrow(&range, &result);
    if (value_is_way(&world->values, value, &from, &to)) {
        const struct range x = look(world, state, from, depth - 1);
        const struct range y = look(world, state, to, depth - 1);
        value_narrow_way(&range, &x, &y);
    }
    return range;
}

struct range state_range(const struct state_world *world,
                         const struct state *state, uint32_t value)
{
    return value == VALUE_NONE ? range_top()
                               : look(world, state, value, LOOK_DEPTH);
}

static void learn(struct state_world *world, struct state *state,
                  uint32_t number, const struct range *range, unsigned depth);

/* a + b lies in 'sum': tell of 'a', unless the sum may wrap round. */
static void learn_addend(struct state_world *world, struct state *state,
                         uint32_t a, uint32_t b, const struct range *sum,
                         unsigned depth)
{
    const struct range x = state_range(world, state, a);
    const struct range y = state_range(world, state, b);
    int64_t lo = (int64_t)sum->lo - y.hi;
    int64_t hi = (int64_t)sum->hi - y.lo;
    if ((int64_t)x.lo + y.lo < INT32_MIN || (int64_t)x.hi + y.hi > INT32_MAX ||
        lo > INT32_MAX || hi < INT32_MIN) {
        return;
    }
    const struct range bounds =
        range_between((int32_t)(lo < INT32_MIN ? INT32_MIN : lo),
                      (int32_t)(hi > INT32_MAX ? INT32_MAX : hi));
    learn(world, state, a, &bounds, depth);
}

/* a - b lies in 'difference': tell of both, unless it may wrap round. */
static void learn_difference(struct state_world *world, struct state *state,
                             uint32_t a, uint32_t b,
                             const struct range *difference, unsigned depth)
{
    const struct range x = state_range(world, state, a);
    const struct range y = state_range(world, state, b);
    if ((int64_t)x.lo - y.hi < INT32_MIN || (int64_t)x.hi - y.lo > INT32_MAX) {
        return;
    }
    struct range from = x;
    struct range by = y;
    if (range_clip(&from, (int64_t)difference->lo + y.lo,
                   (int64_t)difference->hi + y.hi) &&
        range_clip(&by, (int64_t)x.lo - difference->hi,
                   (int64_t)x.hi - difference->lo)) {
        learn(world, state, a, &from, depth);
        learn(world, state, b, &by, depth);
    }
}

/* a * factor lies in 'product', and cannot wrap round. */
static void learn_factor(struct state_world *world, struct state *state,
                         uint32_t a, int64_t factor,
                         const struct range *product, unsigned depth)
{
    const struct range x = state_range(world, state, a);
    if (factor <= 0 || x.lo * factor < INT32_MIN || x.hi * factor > INT32_MAX) {
        return;
    }
    int64_t lo =
        product->lo / factor + (product->lo > 0 && product->lo % factor != 0);
    int64_t hi =
        product->hi / factor - (product->hi < 0 && product->hi % factor != 0);
    if (lo <= hi) {
        const struct range bounds = range_between((int32_t)lo, (int32_t)hi);
        learn(world, state, a, &bounds, depth);
    }
}

static void learn(struct state_world *world, struct state *state,
                  uint32_t number, const struct range *range, unsigned depth)
{
    const struct range known = look(world, state, number, LOOK_DEPTH);
    struct range narrowed = known;
    if (!range_meet(&narrowed, &known, range)) {
        state->is_dead = true;
        return;
    }
    if (range_equal(&narrowed, &known)) {
        return;
    }
    set_fact(world, state, number, &narrowed);
    const struct value value = world->values.values[number];
    uint32_t factor = 0;
    if (depth == 0 || value.kind != VALUE_BINARY) {
        return;
    }
    if (value.code == CODE_I32_ADD) {
        learn_addend(world, state, value.a, value.b, &narrowed, depth - 1);
        learn_addend(world, state, value.b, value.a, &narrowed, depth - 1);
    } else if (value.code == CODE_I32_SUB) {
        learn_difference(world, state, value.a, value.b, &narrowed, depth - 1);
    } else if (value.code == CODE_I32_MUL &&
               value_is_constant(&world->values, value.b, &factor)) {
        learn_factor(world, state, value.a, (int32_t)factor, &narrowed,
                     depth - 1);
    }
}

void state_learn(struct state_world *world, struct state *state, uint32_t value,
                 const struct range *range)
{
    if (value != VALUE_NONE) {
        learn(world, state, value, range, LEARN_DEPTH);
    }
}

static void assume(struct state_world *world, struct state *state,
                   uint32_t number, bool is_true, unsigned depth)
{
    const struct range zero = range_constant(0);
    const struct value value = world->values.values[number];
    struct range truth = state_range(world, state, number);
    struct range against = zero;
    if (!range_assume(is_true ? CODE_I32_NE : CODE_I32_EQ, true, &truth,
                      &against)) {
        state->is_dead = true;
        return;
    }
    learn(world, state, number, &truth, LEARN_DEPTH);
    if (depth == 0 || state->is_dead) {
        return;
    }
    if (value.code == CODE_I32_EQZ && value.kind == VALUE_UNARY) {
        assume(world, state, value.a, !is_true, depth - 1);
    } else if (value.kind != VALUE_BINARY) {
        return;
    } else if (range_is_comparison(value.code)) {
        struct range a = state_range(world, state, value.a);
        struct range b = state_range(world, state, value.b);
        if (!range_assume(value.code, is_true, &a, &b)) {
            state->is_dead = true;
            return;
        }
        learn(world, state, value.a, &a, LEARN_DEPTH);
        learn(world, state, value.b, &b, LEARN_DEPTH);
    } else if ((value.code == CODE_I32_AND && is_true) ||
               (value.code == CODE_I32_OR && !is_true)) {
        /* Bits set in both, or in neither: so each operand alone. */
        assume(world, state, value.a, is_true, depth - 1);
        assume(world, state, value.b, is_true, depth - 1);
    }
}

void state_assume(struct state_world *world, struct state *state,
                  uint32_t value, bool is_true)
{
    if (value != VALUE_NONE && !state->is_dead) {
        assume(world, state, value, is_true, LEARN_DEPTH);
    }
}

/* ---- Memory ---- */

/* The first cell whose key is not below 'key'. */
static uint32_t find_cell(const struct state *state, uint64_t key)
{
    uint32_t low = 0;
    uint32_t high = state->cell_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (state->cells[middle].key < key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

void state_write_cell(struct state_world *world, struct state *state,
                      uint64_t key, uint32_t value)
{
    uint32_t at = find_cell(state, key);
    if (at < state->cell_count && state->cells[at].key == key) {
        state->cells[at].value = value;
        return;
    }
    state->cells = arena_grow(world->arena, state->cells, state->cell_count,
                              &state->cell_capacity, sizeof(*state->cells));
    memmove(&state->cells[at + 1], &state->cells[at],
            (state->cell_count - at) * sizeof(*state->cells));
    state->cells[at] = (struct state_cell){key, value};
    state->cell_count++;
}

bool state_has_cell(const struct state *state, uint64_t start, uint64_t end)
{
    uint32_t at = find_cell(state, start);
    return at < state->cell_count && state->cells[at].key < end;
}

struct range state_untouched(struct state_world *world, uint64_t key)
{
    return memory_use(world->memory, key, key + 4);
}

uint32_t state_read_cell(struct state_world *world, struct state *state,
                         uint64_t key)
{
    uint32_t at = find_cell(state, key);
    if (at < state->cell_count && state->cells[at].key == key) {
        return state->cells[at].value;
    }
    uint32_t value =
        value_leaf_of(&world->values, state_untouched(world, key), key);
    state_write_cell(world, state, key, value);
    return value;
}

void state_blur(struct state_world *world, struct state *state, uint64_t start,
                uint64_t end, uint32_t value)
{
    const struct range written = state_range(world, state, value);
    if (world->memory->is_trial) {
        return;
    }
    memory_write(world->memory, start, end, &written);
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct range before =
            state_range(world, state, state->cells[i].value);
        state->cells[i].value = value_leaf_of(
            &world->values, range_join(&before, &written), state->cells[i].key);
    }
}

struct range state_words(struct state_world *world, const struct state *state,
                         uint64_t start, uint64_t end)
{
    struct range all = memory_use(world->memory, start, end);
    for (uint32_t i = find_cell(state, start);
         i < state->cell_count && state->cells[i].key < end; i++) {
        const struct range cell =
            state_range(world, state, state->cells[i].value);
        all = range_join(&all, &cell);
    }
    return all;
}
