/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay_state.h"

#include "wasm/opcode.h"

#include <string.h>

/* How far conditions and operands are followed into terms. Certificates were
 * found with as much. */
enum {
    LOOK_DEPTH = 6,
    LEARN_DEPTH = 8,
};

void moments_init(struct moments *moments,
                  const struct certificate *certificate, struct arena *arena)
{
    *moments = (struct moments){.certificate = certificate, .arena = arena};
    terms_init(&moments->terms, arena);
}

/* ---- Moments ---- */

struct moment *moment_take(struct moments *moments)
{
    struct moment *moment = moments->unused;
    if (moment == NULL) {
        moment = arena_alloc(moments->arena, 1, sizeof(*moment));
    } else {
        moments->unused = moment->next;
    }
    moment->is_never = true;
    moment->height = 0;
    moment->word_count = 0;
    moment->fact_count = 0;
    return moment;
}

void moment_give(struct moments *moments, struct moment *moment)
{
    moment->next = moments->unused;
    moments->unused = moment;
}

static void *duplicate(struct moments *moments, void *to, uint32_t *room,
                       const void *from, uint32_t count, size_t size)
{
    if (*room < count) {
        *room = count;
        to = arena_alloc(moments->arena, count, size);
    }
    if (count > 0) {
        memcpy(to, from, count * size);
    }
    return to;
}

void moment_set(struct moments *moments, struct moment *to,
                const struct moment *from)
{
    to->is_never = from->is_never;
    to->height = from->height;
    to->stack = duplicate(moments, to->stack, &to->stack_room, from->stack,
                          from->height, sizeof(*to->stack));
    to->word_count = from->word_count;
    to->words = duplicate(moments, to->words, &to->word_room, from->words,
                          from->word_count, sizeof(*to->words));
    to->fact_count = from->fact_count;
    to->facts = duplicate(moments, to->facts, &to->fact_room, from->facts,
                          from->fact_count, sizeof(*to->facts));
    moments->work +=
        (uint64_t)from->height + from->word_count + from->fact_count;
}

struct moment *moment_copy(struct moments *moments, const struct moment *from)
{
    struct moment *copy = moment_take(moments);
    moment_set(moments, copy, from);
    return copy;
}

void moment_push(struct moments *moments, struct moment *moment, uint32_t term)
{
    moment->stack = arena_grow(moments->arena, moment->stack, moment->height,
                               &moment->stack_room, sizeof(*moment->stack));
    moment->stack[moment->height++] = term;
}

uint32_t moment_pop(struct moment *moment)
{
    return moment->stack[--moment->height];
}

/* ---- What is known of terms ---- */

/* Where the fact on a term is, or would be. */
static uint32_t fact_place(const struct moment *moment, uint32_t term)
{
    uint32_t from = 0;
    uint32_t to = moment->fact_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (moment->facts[middle].term >= term) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

static bool has_fact(const struct moment *moment, uint32_t place, uint32_t term)
{
    return place < moment->fact_count && moment->facts[place].term == term;
}

/* What contradicts itself is of a moment that nothing gets to; whichever half
 * is kept then is right. */
/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static struct interval look(const struct moments *moments,
                            const struct moment *moment, uint32_t number,
                            int depth)
{
    const struct term *term = &moments->terms.list[number];
    struct interval known = term->interval;
    uint32_t place = fact_place(moment, number);
    if (has_fact(moment, place, number)) {
        (void)interval_cut(&known, &moment->facts[place].interval);
    }
    if (term->code != 0 && depth > 0 && moment->fact_count > 0) {
        const struct interval a = look(moments, moment, term->a, depth - 1);
        struct interval computed = interval_any();
        if (term->b == TERM_NONE) {
            computed = interval_unary(term->code, &a);
        } else {
            const struct interval b = look(moments, moment, term->b, depth - 1);
            computed = interval_binary(term->code, &a, &b);
        }
        (void)interval_cut(&known, &computed);
        uint32_t from = TERM_NONE;
        uint32_t to = TERM_NONE;
        if (term_is_step(&moments->terms, term, &from, &to)) {
            const struct interval x = look(moments, moment, from, depth - 1);
            const struct interval y = look(moments, moment, to, depth - 1);
            term_cut_step(&known, &x, &y);
        }
    }
    return known;
}

struct interval moment_look(const struct moments *moments,
                            const struct moment *moment, uint32_t term)
{
    return term == TERM_NONE ? interval_any()
                             : look(moments, moment, term, LOOK_DEPTH);
}

static void keep_fact(struct moments *moments, struct moment *moment,
                      uint32_t term, const struct interval *interval)
{
    uint32_t place = fact_place(moment, term);
    if (!has_fact(moment, place, term)) {
        moment->facts =
            arena_grow(moments->arena, moment->facts, moment->fact_count,
                       &moment->fact_room, sizeof(*moment->facts));
        memmove(&moment->facts[place + 1], &moment->facts[place],
                (moment->fact_count - place) * sizeof(*moment->facts));
        moment->fact_count++;
    }
    moment->facts[place] = (struct moment_fact){term, *interval};
}

static void learn(struct moments *moments, struct moment *moment,
                  uint32_t number, const struct interval *interval, int depth);

/* a + b, which does not wrap round, lies in 'sum': so a is sum - b. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void learn_of_sum(struct moments *moments, struct moment *moment,
                         uint32_t a, uint32_t b, const struct interval *sum,
                         int depth)
{
    const struct interval x = moment_look(moments, moment, a);
    const struct interval y = moment_look(moments, moment, b);
    int64_t lo = sum->lo - y.hi;
    int64_t hi = sum->hi - y.lo;
    lo = lo < INT32_MIN ? INT32_MIN : lo;
    hi = hi > INT32_MAX ? INT32_MAX : hi;
    if (x.lo + y.lo >= INT32_MIN && x.hi + y.hi <= INT32_MAX && lo <= hi) {
        const struct interval rest = interval_span(lo, hi);
        learn(moments, moment, a, &rest, depth);
    }
}

/* What is left of lo … hi, or anything where they are out of reach. */
static struct interval within_32_bits(int64_t lo, int64_t hi)
{
    lo = lo < INT32_MIN ? INT32_MIN : lo;
    hi = hi > INT32_MAX ? INT32_MAX : hi;
    return lo <= hi ? interval_span(lo, hi) : interval_any();
}

/* a - b, which does not wrap round, lies in 'difference': so a is that and b,
 * and b is a less that. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void learn_of_difference(struct moments *moments, struct moment *moment,
                                uint32_t a, uint32_t b,
                                const struct interval *difference, int depth)
{
    struct interval x = moment_look(moments, moment, a);
    struct interval y = moment_look(moments, moment, b);
    if (x.lo - y.hi < INT32_MIN || x.hi - y.lo > INT32_MAX) {
        return;
    }
    const struct interval sum =
        within_32_bits(difference->lo + y.lo, difference->hi + y.hi);
    const struct interval rest =
        within_32_bits(x.lo - difference->hi, x.hi - difference->lo);
    if (interval_cut(&x, &sum) && interval_cut(&y, &rest)) {
        learn(moments, moment, a, &x, depth);
        learn(moments, moment, b, &y, depth);
    }
}

/* a * factor, which does not wrap round, lies in 'product'. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static void learn_of_product(struct moments *moments, struct moment *moment,
                             uint32_t a, int64_t factor,
                             const struct interval *product, int depth)
{
    const struct interval x = moment_look(moments, moment, a);
    if (factor <= 0 || x.lo * factor < INT32_MIN || x.hi * factor > INT32_MAX) {
        return;
    }
    /* Up from below, down from above: C rounds towards zero. */
    int64_t lo = product->lo / factor;
    int64_t hi = product->hi / factor;
    lo += lo * factor < product->lo ? 1 : 0;
    hi -= hi * factor > product->hi ? 1 : 0;
    if (lo <= hi) {
        const struct interval part = interval_span(lo, hi);
        learn(moments, moment, a, &part, depth);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static void learn(struct moments *moments, struct moment *moment,
                  uint32_t number, const struct interval *interval, int depth)
{
    const struct interval before = moment_look(moments, moment, number);
    struct interval now = before;
    if (!interval_cut(&now, interval)) {
        moment->is_never = true;
        return;
    }
    if (interval_same(&now, &before)) {
        return;
    }
    keep_fact(moments, moment, number, &now);
    const struct term term = moments->terms.list[number];
    uint32_t factor = 0;
    if (depth == 0) {
        return;
    }
    if (term.code == CODE_I32_ADD) {
        learn_of_sum(moments, moment, term.a, term.b, &now, depth - 1);
        learn_of_sum(moments, moment, term.b, term.a, &now, depth - 1);
    } else if (term.code == CODE_I32_SUB) {
        learn_of_difference(moments, moment, term.a, term.b, &now, depth - 1);
    } else if (term.code == CODE_I32_MUL &&
               term_is_constant(&moments->terms, term.b, &factor)) {
        learn_of_product(moments, moment, term.a, (int32_t)factor, &now,
                         depth - 1);
    }
}

void moment_learn(struct moments *moments, struct moment *moment, uint32_t term,
                  const struct interval *interval)
{
    if (term != TERM_NONE) {
        learn(moments, moment, term, interval, LEARN_DEPTH);
    }
}

/* The operands of a comparison that is true. */
static void learn_comparison(struct moments *moments, struct moment *moment,
                             uint32_t code, uint32_t a, uint32_t b)
{
    struct interval x = moment_look(moments, moment, a);
    struct interval y = moment_look(moments, moment, b);
    if (!interval_suppose(code, &x, &y)) {
        moment->is_never = true;
        return;
    }
    learn(moments, moment, a, &x, LEARN_DEPTH);
    learn(moments, moment, b, &y, LEARN_DEPTH);
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as 'depth' */
static void branch(struct moments *moments, struct moment *moment,
                   uint32_t number, bool is_true, int depth)
{
    struct interval zero = interval_only(0);
    struct interval truth = moment_look(moments, moment, number);
    const struct term term = moments->terms.list[number];
    if (!interval_suppose(is_true ? CODE_I32_NE : CODE_I32_EQ, &truth, &zero)) {
        moment->is_never = true;
        return;
    }
    learn(moments, moment, number, &truth, LEARN_DEPTH);
    if (depth == 0 || moment->is_never) {
        return;
    }
    if (term.code == CODE_I32_EQZ) {
        branch(moments, moment, term.a, !is_true, depth - 1);
    } else if (interval_compares(term.code)) {
        learn_comparison(moments, moment,
                         is_true ? term.code : interval_opposite(term.code),
                         term.a, term.b);
    } else if (term.code == (is_true ? CODE_I32_AND : CODE_I32_OR)) {
        /* A bit that is in both; no bit in either. */
        branch(moments, moment, term.a, is_true, depth - 1);
        branch(moments, moment, term.b, is_true, depth - 1);
    }
}

void moment_branch(struct moments *moments, struct moment *moment,
                   uint32_t term, bool is_true)
{
    if (term != TERM_NONE && !moment->is_never) {
        branch(moments, moment, term, is_true, LEARN_DEPTH);
    }
}

/* ---- Memory ---- */

static uint32_t word_place(const struct moment *moment, uint64_t key)
{
    uint32_t from = 0;
    uint32_t to = moment->word_count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (moment->words[middle].key >= key) {
            to = middle;
        } else {
            from = middle + 1;
        }
    }
    return from;
}

uint32_t moment_find(const struct moment *moment, uint64_t key)
{
    uint32_t place = word_place(moment, key);
    return place < moment->word_count && moment->words[place].key == key
               ? moment->words[place].term
               : TERM_NONE;
}

void moment_write(struct moments *moments, struct moment *moment, uint64_t key,
                  uint32_t term)
{
    uint32_t place = word_place(moment, key);
    if (place == moment->word_count || moment->words[place].key != key) {
        moment->words =
            arena_grow(moments->arena, moment->words, moment->word_count,
                       &moment->word_room, sizeof(*moment->words));
        memmove(&moment->words[place + 1], &moment->words[place],
                (moment->word_count - place) * sizeof(*moment->words));
        moment->word_count++;
    }
    moment->words[place] = (struct moment_word){key, term};
}

uint32_t moment_read(struct moments *moments, struct moment *moment,
                     uint64_t key)
{
    uint32_t term = moment_find(moment, key);
    if (term == TERM_NONE) {
        term =
            term_unknown(&moments->terms,
                         certificate_hold(moments->certificate, key, key + 4));
        moment_write(moments, moment, key, term);
    }
    return term;
}

struct interval moment_read_some(const struct moments *moments,
                                 const struct moment *moment, uint64_t start,
                                 uint64_t end)
{
    struct interval all = certificate_hold(moments->certificate, start, end);
    for (uint32_t i = word_place(moment, start);
         i < moment->word_count && moment->words[i].key < end; i++) {
        const struct interval word =
            moment_look(moments, moment, moment->words[i].term);
        all = interval_hull(&all, &word);
    }
    return all;
}

bool moment_write_some(struct moments *moments, struct moment *moment,
                       uint64_t start, uint64_t end,
                       const struct interval *what)
{
    for (uint32_t i = word_place(moment, start);
         i < moment->word_count && moment->words[i].key < end; i++) {
        const struct interval word =
            moment_look(moments, moment, moment->words[i].term);
        moment->words[i].term =
            term_unknown(&moments->terms, interval_hull(&word, what));
    }
    return certificate_allows(moments->certificate, start, end, what);
}
