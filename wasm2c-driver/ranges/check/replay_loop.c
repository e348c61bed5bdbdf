/* SPDX-License-Identifier: MIT */
/* Loops and their invariants, of replay.h. */
#include "ranges/check/replay.h"

/* A loop without a path in the certificate changes nothing. */
static const struct certificate_path no_path = {.parent = 0};

/* Whether two terms are the same number in this state. */
static bool is_equal(const struct replay_context *context,
                     const struct replay_state *state, uint32_t a, uint32_t b)
{
    if (a == b || a == TERM_NONE || b == TERM_NONE) {
        return a == b;
    }
    const struct interval x = replay_state_interval(context, state, a);
    const struct interval y = replay_state_interval(context, state, b);
    return interval_is_constant(&x) && interval_is_constant(&y) && x.lo == y.lo;
}

/* The first term seen of each of the loop's values. */
struct match {
    const struct replay_loop *loop;
    uint32_t *terms; /* TERM_NONE: not yet */
};

static struct match begin_match(struct replay *replay,
                                const struct replay_loop *loop)
{
    struct match match = {.loop = loop};
    match.terms = arena_alloc(replay->context.arena, loop->path->value_count,
                              sizeof(*match.terms));
    replay->context.work += loop->path->value_count;
    return match;
}

/* Whether a place with the loop's value 'value' may hold 'term': it is within
 * the interval, and the same number as in all other places with that value. */
static bool matches(const struct replay *replay, struct match *match,
                    const struct replay_state *state, uint32_t term,
                    uint32_t value)
{
    const struct interval now =
        replay_state_interval(&replay->context, state, term);
    if (term == TERM_NONE ||
        !interval_within(&now, &match->loop->path->values[value])) {
        return false;
    }
    if (match->terms[value] == TERM_NONE) {
        match->terms[value] = term;
    }
    return is_equal(&replay->context, state, term, match->terms[value]);
}

static bool do_slots_match(const struct replay *replay, struct match *match,
                           const struct replay_state *state)
{
    const struct certificate_path *path = match->loop->path;
    const struct replay_state *entry = match->loop->entry;
    uint32_t next = 0;
    for (uint32_t i = 0; i < entry->slot_count; i++) {
        uint32_t term = state->slots[i];
        if (next < path->slot_count && path->slots[next].at == i) {
            if (!matches(replay, match, state, term, path->slots[next].value)) {
                return false;
            }
            next++;
        } else if (!is_equal(&replay->context, state, term, entry->slots[i])) {
            return false;
        }
    }
    return next == path->slot_count;
}

/* A word that has become a cell in the loop is none at its head, so it must
 * satisfy the memory invariant again. */
static bool do_words_match(const struct replay *replay, struct match *match,
                           const struct replay_state *state)
{
    const struct certificate_path *path = match->loop->path;
    uint32_t next = 0;
    for (uint32_t i = 0; i < state->cell_count; i++) {
        const struct replay_cell *word = &state->cells[i];
        bool is_listed =
            next < path->word_count && path->words[next].at == word->key;
        uint32_t before = replay_state_find(match->loop->entry, word->key);
        bool ok = false;
        if (is_listed) {
            ok = matches(replay, match, state, word->term,
                         path->words[next++].value);
        } else if (before != TERM_NONE) {
            ok = is_equal(&replay->context, state, word->term, before);
        } else {
            const struct interval now =
                replay_state_interval(&replay->context, state, word->term);
            ok = certificate_allows(replay->certificate, word->key,
                                    word->key + 4, &now);
        }
        if (!ok) {
            return false;
        }
    }
    return next == path->word_count;
}

void replay_enter_loop(struct replay *replay, struct replay_loop *loop,
                       size_t offset)
{
    struct replay_context *context = &replay->context;
    struct replay_state *head = replay->state;
    uint32_t path =
        certificate_follow(replay->certificate, replay->path, offset);
    *loop = (struct replay_loop){.offset = offset, .path = &no_path};
    if (path != CERTIFICATE_NO_PATH) {
        loop->path = &replay->certificate->paths[path];
    }
    for (uint32_t i = 0; i < loop->path->word_count; i++) {
        (void)replay_state_read(context, head, loop->path->words[i].at);
    }
    loop->entry = replay_state_clone(context, head);
    struct match match = begin_match(replay, loop);
    if (!do_slots_match(replay, &match, loop->entry) ||
        !do_words_match(replay, &match, loop->entry)) {
        replay_fail(replay, offset, "the proof is not true before the loop");
        return;
    }
    for (uint32_t i = 0; i < loop->path->value_count; i++) {
        match.terms[i] = term_fresh(&context->terms, loop->path->values[i]);
    }
    for (uint32_t i = 0; i < loop->path->slot_count; i++) {
        const struct certificate_place *place = &loop->path->slots[i];
        head->slots[place->at] = match.terms[place->value];
    }
    for (uint32_t i = 0; i < loop->path->word_count; i++) {
        const struct certificate_place *place = &loop->path->words[i];
        replay_state_strong_update(context, head, place->at,
                                   match.terms[place->value]);
    }
}

void replay_check_back_edge(struct replay *replay,
                            const struct replay_loop *loop,
                            struct replay_state *state)
{
    struct match match = begin_match(replay, loop);
    if (!do_slots_match(replay, &match, state) ||
        !do_words_match(replay, &match, state)) {
        replay_fail(replay, loop->offset,
                    "the proof is not true after a round of the loop");
    }
    replay->context.work += (uint64_t)state->slot_count + state->cell_count;
}
