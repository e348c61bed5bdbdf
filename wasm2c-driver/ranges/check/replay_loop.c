/* SPDX-License-Identifier: MIT */
#include "ranges/check/replay.h"

/* What changes when the certificate is silent: nothing. */
static const struct certificate_path no_path = {.parent = 0};

/* Whether two terms are one number at this moment. */
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
struct seen {
    const struct replay_loop *loop;
    uint32_t *terms; /* TERM_NONE: not yet */
};

static struct seen look_at(struct replay *replay,
                           const struct replay_loop *loop)
{
    struct seen seen = {.loop = loop};
    seen.terms = arena_alloc(replay->context.arena, loop->path->value_count,
                             sizeof(*seen.terms));
    replay->context.work += loop->path->value_count;
    return seen;
}

/* Whether a place that the certificate gives 'value' may hold 'term': in the
 * interval, and the same number wherever the value stands. */
static bool agrees(const struct replay *replay, struct seen *seen,
                   const struct replay_state *state, uint32_t term,
                   uint32_t value)
{
    const struct interval now =
        replay_state_interval(&replay->context, state, term);
    if (term == TERM_NONE ||
        !interval_within(&now, &seen->loop->path->values[value])) {
        return false;
    }
    if (seen->terms[value] == TERM_NONE) {
        seen->terms[value] = term;
    }
    return is_equal(&replay->context, state, term, seen->terms[value]);
}

static bool do_slots_agree(const struct replay *replay, struct seen *seen,
                           const struct replay_state *state)
{
    const struct certificate_path *path = seen->loop->path;
    const struct replay_state *entry = seen->loop->entry;
    uint32_t next = 0;
    for (uint32_t i = 0; i < entry->slot_count; i++) {
        uint32_t term = state->slots[i];
        if (next < path->slot_count && path->slots[next].at == i) {
            if (!agrees(replay, seen, state, term, path->slots[next].value)) {
                return false;
            }
            next++;
        } else if (!is_equal(&replay->context, state, term, entry->slots[i])) {
            return false;
        }
    }
    return next == path->slot_count;
}

/* A word that is followed since the loop began is no longer, in the next round:
 * then it must be as between calls. */
static bool do_words_agree(const struct replay *replay, struct seen *seen,
                           const struct replay_state *state)
{
    const struct certificate_path *path = seen->loop->path;
    uint32_t next = 0;
    for (uint32_t i = 0; i < state->cell_count; i++) {
        const struct replay_cell *word = &state->cells[i];
        bool is_listed =
            next < path->word_count && path->words[next].at == word->key;
        uint32_t before = replay_state_find(seen->loop->entry, word->key);
        bool ok = false;
        if (is_listed) {
            ok = agrees(replay, seen, state, word->term,
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
    struct seen seen = look_at(replay, loop);
    if (!do_slots_agree(replay, &seen, loop->entry) ||
        !do_words_agree(replay, &seen, loop->entry)) {
        replay_fail(replay, offset, "the proof is not true before the loop");
        return;
    }
    for (uint32_t i = 0; i < loop->path->value_count; i++) {
        seen.terms[i] = term_fresh(&context->terms, loop->path->values[i]);
    }
    for (uint32_t i = 0; i < loop->path->slot_count; i++) {
        const struct certificate_place *place = &loop->path->slots[i];
        head->slots[place->at] = seen.terms[place->value];
    }
    for (uint32_t i = 0; i < loop->path->word_count; i++) {
        const struct certificate_place *place = &loop->path->words[i];
        replay_state_strong_update(context, head, place->at,
                                   seen.terms[place->value]);
    }
}

void replay_check_back_edge(struct replay *replay,
                            const struct replay_loop *loop,
                            struct replay_state *state)
{
    struct seen seen = look_at(replay, loop);
    if (!do_slots_agree(replay, &seen, state) ||
        !do_words_agree(replay, &seen, state)) {
        replay_fail(replay, loop->offset,
                    "the proof is not true after a round of the loop");
    }
    replay->context.work += (uint64_t)state->slot_count + state->cell_count;
}
