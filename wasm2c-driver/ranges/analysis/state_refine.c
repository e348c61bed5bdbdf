/* SPDX-License-Identifier: MIT */
/* Ranges of values and their refinement by conditions, of state.h. */
#include "ranges/analysis/state.h"

#include "ranges/certificate_format.h"
#include "wasm/opcode.h"

#include <string.h>

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

static void set_fact(struct state_context *context, struct state *state,
                     uint32_t value, const struct range *range)
{
    uint32_t at = find_fact(state, value);
    if (at < state->fact_count && state->facts[at].value == value) {
        state->facts[at].range = *range;
        return;
    }
    state->facts = arena_grow(context->arena, state->facts, state->fact_count,
                              &state->fact_capacity, sizeof(*state->facts));
    memmove(&state->facts[at + 1], &state->facts[at],
            (state->fact_count - at) * sizeof(*state->facts));
    state->facts[at] = (struct state_fact){value, *range};
    state->fact_count++;
}

/* Refinements contradict each other only in a state that no execution reaches;
 * either of them is sound then. */
static void narrow(struct range *range, const struct range *by)
{
    (void)range_meet(range, range, by);
}

static struct range evaluate(const struct state_context *context,
                             const struct state *state, uint32_t number,
                             unsigned depth)
{
    uint32_t from = VALUE_NONE;
    uint32_t to = VALUE_NONE;
    const struct value *value = &context->values.values[number];
    struct range range = value->range;
    uint32_t at = find_fact(state, number);
    if (at < state->fact_count && state->facts[at].value == number) {
        narrow(&range, &state->facts[at].range);
    }
    if (depth == 0 || state->fact_count == 0 ||
        (value->kind != VALUE_UNARY && value->kind != VALUE_BINARY)) {
        return range;
    }
    const struct range a = evaluate(context, state, value->a, depth - 1);
    struct range result = range_top();
    if (value->kind == VALUE_UNARY) {
        result = range_unary(value->code, &a);
    } else {
        const struct range b = evaluate(context, state, value->b, depth - 1);
        result = range_binary(value->code, &a, &b);
    }
    narrow(&range, &result);
    if (value_is_interpolation(&context->values, value, &from, &to)) {
        const struct range x = evaluate(context, state, from, depth - 1);
        const struct range y = evaluate(context, state, to, depth - 1);
        value_refine_interpolation(&range, &x, &y);
    }
    return range;
}

struct range state_range(const struct state_context *context,
                         const struct state *state, uint32_t value)
{
    return value == VALUE_NONE
               ? range_top()
               : evaluate(context, state, value, CERTIFICATE_EVAL_DEPTH);
}

static void refine(struct state_context *context, struct state *state,
                   uint32_t number, const struct range *range, unsigned depth);

/* a + b is in 'sum': refine 'a', unless the sum may wrap around. */
static void refine_addend(struct state_context *context, struct state *state,
                          uint32_t a, uint32_t b, const struct range *sum,
                          unsigned depth)
{
    const struct range x = state_range(context, state, a);
    const struct range y = state_range(context, state, b);
    int64_t lo = (int64_t)sum->lo - y.hi;
    int64_t hi = (int64_t)sum->hi - y.lo;
    if ((int64_t)x.lo + y.lo < INT32_MIN || (int64_t)x.hi + y.hi > INT32_MAX ||
        lo > INT32_MAX || hi < INT32_MIN) {
        return;
    }
    const struct range bounds =
        range_between((int32_t)(lo < INT32_MIN ? INT32_MIN : lo),
                      (int32_t)(hi > INT32_MAX ? INT32_MAX : hi));
    refine(context, state, a, &bounds, depth);
}

/* a - b is in 'difference': refine both, unless it may wrap around. */
static void refine_difference(struct state_context *context,
                              struct state *state, uint32_t a, uint32_t b,
                              const struct range *difference, unsigned depth)
{
    const struct range x = state_range(context, state, a);
    const struct range y = state_range(context, state, b);
    if ((int64_t)x.lo - y.hi < INT32_MIN || (int64_t)x.hi - y.lo > INT32_MAX) {
        return;
    }
    struct range from = x;
    struct range by = y;
    if (range_clip(&from, (int64_t)difference->lo + y.lo,
                   (int64_t)difference->hi + y.hi) &&
        range_clip(&by, (int64_t)x.lo - difference->hi,
                   (int64_t)x.hi - difference->lo)) {
        refine(context, state, a, &from, depth);
        refine(context, state, b, &by, depth);
    }
}

/* a * factor is in 'product': refine 'a', unless it may wrap around. */
static void refine_factor(struct state_context *context, struct state *state,
                          uint32_t a, int64_t factor,
                          const struct range *product, unsigned depth)
{
    const struct range x = state_range(context, state, a);
    if (factor <= 0 || x.lo * factor < INT32_MIN || x.hi * factor > INT32_MAX) {
        return;
    }
    int64_t lo =
        product->lo / factor + (product->lo > 0 && product->lo % factor != 0);
    int64_t hi =
        product->hi / factor - (product->hi < 0 && product->hi % factor != 0);
    if (lo <= hi) {
        const struct range bounds = range_between((int32_t)lo, (int32_t)hi);
        refine(context, state, a, &bounds, depth);
    }
}

static void refine(struct state_context *context, struct state *state,
                   uint32_t number, const struct range *range, unsigned depth)
{
    const struct range known =
        evaluate(context, state, number, CERTIFICATE_EVAL_DEPTH);
    struct range narrowed = known;
    if (!range_meet(&narrowed, &known, range)) {
        state->is_unreachable = true;
        return;
    }
    if (range_equal(&narrowed, &known)) {
        return;
    }
    set_fact(context, state, number, &narrowed);
    const struct value value = context->values.values[number];
    uint32_t factor = 0;
    if (depth == 0 || value.kind != VALUE_BINARY) {
        return;
    }
    if (value.code == CODE_I32_ADD) {
        refine_addend(context, state, value.a, value.b, &narrowed, depth - 1);
        refine_addend(context, state, value.b, value.a, &narrowed, depth - 1);
    } else if (value.code == CODE_I32_SUB) {
        refine_difference(context, state, value.a, value.b, &narrowed,
                          depth - 1);
    } else if (value.code == CODE_I32_MUL &&
               value_is_constant(&context->values, value.b, &factor)) {
        refine_factor(context, state, value.a, (int32_t)factor, &narrowed,
                      depth - 1);
    }
}

void state_refine(struct state_context *context, struct state *state,
                  uint32_t value, const struct range *range)
{
    if (value != VALUE_NONE) {
        refine(context, state, value, range, CERTIFICATE_REFINE_DEPTH);
    }
}

static void assume(struct state_context *context, struct state *state,
                   uint32_t number, bool is_true, unsigned depth)
{
    const struct range zero = range_constant(0);
    const struct value value = context->values.values[number];
    struct range truth = state_range(context, state, number);
    struct range against = zero;
    if (!range_assume(is_true ? CODE_I32_NE : CODE_I32_EQ, true, &truth,
                      &against)) {
        state->is_unreachable = true;
        return;
    }
    refine(context, state, number, &truth, CERTIFICATE_REFINE_DEPTH);
    if (depth == 0 || state->is_unreachable) {
        return;
    }
    if (value.code == CODE_I32_EQZ && value.kind == VALUE_UNARY) {
        assume(context, state, value.a, !is_true, depth - 1);
    } else if (value.kind != VALUE_BINARY) {
        return;
    } else if (range_is_comparison(value.code)) {
        struct range a = state_range(context, state, value.a);
        struct range b = state_range(context, state, value.b);
        if (!range_assume(value.code, is_true, &a, &b)) {
            state->is_unreachable = true;
            return;
        }
        refine(context, state, value.a, &a, CERTIFICATE_REFINE_DEPTH);
        refine(context, state, value.b, &b, CERTIFICATE_REFINE_DEPTH);
    } else if ((value.code == CODE_I32_AND && is_true) ||
               (value.code == CODE_I32_OR && !is_true)) {
        /* A common bit is set, or none is in either: it holds of both
         * operands. */
        assume(context, state, value.a, is_true, depth - 1);
        assume(context, state, value.b, is_true, depth - 1);
    }
}

void state_assume(struct state_context *context, struct state *state,
                  uint32_t value, bool is_true)
{
    if (value != VALUE_NONE && !state->is_unreachable) {
        assume(context, state, value, is_true, CERTIFICATE_REFINE_DEPTH);
    }
}
