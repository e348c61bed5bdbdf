/* SPDX-License-Identifier: MIT */
/* Intervals of terms and their refinement by conditions, of replay_state.h. */
#include "ranges/check/replay_state.h"

#include "ranges/certificate_format.h"
#include "wasm/opcode.h"

#include <string.h>

/* The index of the fact on a term, or where it would be. */
static uint32_t find_fact(const struct replay_state *state, uint32_t term)
{
    uint32_t from = 0;
    uint32_t to = state->fact_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (state->facts[middle].term >= term) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

static bool has_fact(const struct replay_state *state, uint32_t place,
                     uint32_t term)
{
    return place < state->fact_count && state->facts[place].term == term;
}

/* Refinements contradict each other only in a state that no execution reaches;
 * either of them is sound then. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static struct interval evaluate(const struct replay_context *context,
                                const struct replay_state *state,
                                uint32_t number, int depth)
{
    const struct term *term = &context->terms.list[number];
    struct interval known = term->interval;
    uint32_t place = find_fact(state, number);
    if (has_fact(state, place, number)) {
        (void)interval_meet(&known, &state->facts[place].interval);
    }
    if (term->code != 0 && depth > 0 && state->fact_count > 0) {
        const struct interval a = evaluate(context, state, term->a, depth - 1);
        struct interval computed = interval_top();
        if (term->b == TERM_NONE) {
            computed = interval_unary(term->code, &a);
        } else {
            const struct interval b =
                evaluate(context, state, term->b, depth - 1);
            computed = interval_binary(term->code, &a, &b);
        }
        (void)interval_meet(&known, &computed);
        uint32_t from = TERM_NONE;
        uint32_t to = TERM_NONE;
        if (term_is_interpolation(&context->terms, term, &from, &to)) {
            const struct interval x = evaluate(context, state, from, depth - 1);
            const struct interval y = evaluate(context, state, to, depth - 1);
            term_refine_interpolation(&known, &x, &y);
        }
    }
    return known;
}

struct interval replay_state_interval(const struct replay_context *context,
                                      const struct replay_state *state,
                                      uint32_t term)
{
    return term == TERM_NONE
               ? interval_top()
               : evaluate(context, state, term, CERTIFICATE_EVAL_DEPTH);
}

static void set_fact(struct replay_context *context, struct replay_state *state,
                     uint32_t term, const struct interval *interval)
{
    uint32_t place = find_fact(state, term);
    if (!has_fact(state, place, term)) {
        state->facts =
            arena_grow(context->arena, state->facts, state->fact_count,
                       &state->fact_capacity, sizeof(*state->facts));
        memmove(&state->facts[place + 1], &state->facts[place],
                (state->fact_count - place) * sizeof(*state->facts));
        state->fact_count++;
    }
    state->facts[place] = (struct replay_fact){term, *interval};
}

static void refine(struct replay_context *context, struct replay_state *state,
                   uint32_t number, const struct interval *interval, int depth);

/* a + b is in 'sum' and does not wrap around: a is in sum - b. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void refine_sum(struct replay_context *context,
                       struct replay_state *state, uint32_t a, uint32_t b,
                       const struct interval *sum, int depth)
{
    const struct interval x = replay_state_interval(context, state, a);
    const struct interval y = replay_state_interval(context, state, b);
    int64_t lo = sum->lo - y.hi;
    int64_t hi = sum->hi - y.lo;
    lo = lo < INT32_MIN ? INT32_MIN : lo;
    hi = hi > INT32_MAX ? INT32_MAX : hi;
    if (x.lo + y.lo >= INT32_MIN && x.hi + y.hi <= INT32_MAX && lo <= hi) {
        const struct interval rest = interval_between(lo, hi);
        refine(context, state, a, &rest, depth);
    }
}

/* lo to hi, cut to 32 bits; top when they are out of reach. */
static struct interval within_32_bits(int64_t lo, int64_t hi)
{
    lo = lo < INT32_MIN ? INT32_MIN : lo;
    hi = hi > INT32_MAX ? INT32_MAX : hi;
    return lo <= hi ? interval_between(lo, hi) : interval_top();
}

/* a - b is in 'difference' and does not wrap around: a is in difference + b,
 * and b in a - difference. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void refine_difference(struct replay_context *context,
                              struct replay_state *state, uint32_t a,
                              uint32_t b, const struct interval *difference,
                              int depth)
{
    struct interval x = replay_state_interval(context, state, a);
    struct interval y = replay_state_interval(context, state, b);
    if (x.lo - y.hi < INT32_MIN || x.hi - y.lo > INT32_MAX) {
        return;
    }
    const struct interval sum =
        within_32_bits(difference->lo + y.lo, difference->hi + y.hi);
    const struct interval rest =
        within_32_bits(x.lo - difference->hi, x.hi - difference->lo);
    if (interval_meet(&x, &sum) && interval_meet(&y, &rest)) {
        refine(context, state, a, &x, depth);
        refine(context, state, b, &y, depth);
    }
}

/* a * factor is in 'product' and does not wrap around. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void refine_product(struct replay_context *context,
                           struct replay_state *state, uint32_t a,
                           int64_t factor, const struct interval *product,
                           int depth)
{
    const struct interval x = replay_state_interval(context, state, a);
    if (factor <= 0 || x.lo * factor < INT32_MIN || x.hi * factor > INT32_MAX) {
        return;
    }
    /* Rounded inward: up from below, down from above. */
    int64_t lo = product->lo / factor;
    int64_t hi = product->hi / factor;
    lo += lo * factor < product->lo ? 1 : 0;
    hi -= hi * factor > product->hi ? 1 : 0;
    if (lo <= hi) {
        const struct interval part = interval_between(lo, hi);
        refine(context, state, a, &part, depth);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static void refine(struct replay_context *context, struct replay_state *state,
                   uint32_t number, const struct interval *interval, int depth)
{
    const struct interval before =
        replay_state_interval(context, state, number);
    struct interval now = before;
    if (!interval_meet(&now, interval)) {
        state->is_unreachable = true;
        return;
    }
    if (interval_equal(&now, &before)) {
        return;
    }
    set_fact(context, state, number, &now);
    const struct term term = context->terms.list[number];
    uint32_t factor = 0;
    if (depth == 0) {
        return;
    }
    if (term.code == CODE_I32_ADD) {
        refine_sum(context, state, term.a, term.b, &now, depth - 1);
        refine_sum(context, state, term.b, term.a, &now, depth - 1);
    } else if (term.code == CODE_I32_SUB) {
        refine_difference(context, state, term.a, term.b, &now, depth - 1);
    } else if (term.code == CODE_I32_MUL &&
               term_is_constant(&context->terms, term.b, &factor)) {
        refine_product(context, state, term.a, (int32_t)factor, &now,
                       depth - 1);
    }
}

void replay_state_refine(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         const struct interval *interval)
{
    if (term != TERM_NONE) {
        refine(context, state, term, interval, CERTIFICATE_REFINE_DEPTH);
    }
}

/* The operands of a comparison that is true. */
static void refine_comparison(struct replay_context *context,
                              struct replay_state *state, uint32_t code,
                              uint32_t a, uint32_t b)
{
    struct interval x = replay_state_interval(context, state, a);
    struct interval y = replay_state_interval(context, state, b);
    if (!interval_assume(code, &x, &y)) {
        state->is_unreachable = true;
        return;
    }
    refine(context, state, a, &x, CERTIFICATE_REFINE_DEPTH);
    refine(context, state, b, &y, CERTIFICATE_REFINE_DEPTH);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static void assume(struct replay_context *context, struct replay_state *state,
                   uint32_t number, bool is_true, int depth)
{
    struct interval zero = interval_constant(0);
    struct interval truth = replay_state_interval(context, state, number);
    const struct term term = context->terms.list[number];
    if (!interval_assume(is_true ? CODE_I32_NE : CODE_I32_EQ, &truth, &zero)) {
        state->is_unreachable = true;
        return;
    }
    refine(context, state, number, &truth, CERTIFICATE_REFINE_DEPTH);
    if (depth == 0 || state->is_unreachable) {
        return;
    }
    if (term.code == CODE_I32_EQZ) {
        assume(context, state, term.a, !is_true, depth - 1);
    } else if (interval_is_comparison(term.code)) {
        refine_comparison(context, state,
                          is_true ? term.code : interval_negated(term.code),
                          term.a, term.b);
    } else if (term.code == (is_true ? CODE_I32_AND : CODE_I32_OR)) {
        /* A common bit is set, or none is in either: it holds of both
         * operands. */
        assume(context, state, term.a, is_true, depth - 1);
        assume(context, state, term.b, is_true, depth - 1);
    }
}

void replay_state_assume(struct replay_context *context,
                         struct replay_state *state, uint32_t term,
                         bool is_true)
{
    if (term != TERM_NONE && !state->is_unreachable) {
        assume(context, state, term, is_true, CERTIFICATE_REFINE_DEPTH);
    }
}
