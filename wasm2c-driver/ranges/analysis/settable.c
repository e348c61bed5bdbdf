/* SPDX-License-Identifier: MIT */
#include "ranges/analysis/settable.h"

#include <string.h>

enum {
    MAX_TRIALS = 24,
    WORD_BYTES = 4,
};

struct trials {
    struct search *best;
    const struct patch *patch;
    struct arena *arena;
    uint64_t steps_left;
    uint32_t left;
};

/* Only a word that has a name is set; and the proof does not rely on others. */
static bool is_candidate(const struct search *search,
                         const struct patch_item *item)
{
    const struct memory_model *memory = &search->memory;
    uint64_t key = memory_key_make(item->memory, item->address);
    return item->element == F4E_I32 && !item->is_array &&
           item->pointer_depth == 0 && item->count == 1 &&
           item->address % WORD_BYTES == 0 &&
           strstr(item->name, ":__anonymous__") == NULL &&
           memory_is_initial(memory, key, key + WORD_BYTES) &&
           memory_is_relied_on(memory, key);
}

/* An access is proven less, goes further, or is met only now and not proven; or
 * a divisor may be zero that could not. */
static bool is_worse(const struct body_op *op, const struct walk_site *was,
                     const struct walk_site *is)
{
    if (body_is_division(op->insn.code)) {
        return is->has_value && range_contains(&is->value, 0) &&
               was->has_value && !range_contains(&was->value, 0);
    }
    return was->is_reached ? search_spread(is) > search_spread(was)
                           : is->is_reached && !is->is_inside;
}

static bool is_as_good(const struct search *before, const struct search *after)
{
    const struct wasm_bodies *bodies = before->walk.bodies;
    for (uint32_t i = 0; i < bodies->module->function_count; i++) {
        const struct wasm_body *body = &bodies->functions[i];
        for (uint32_t k = 0; k < body->op_count; k++) {
            const struct body_op *op = &body->ops[k];
            if (op->site != BODY_NO_SITE &&
                is_worse(op, &before->walk.sites[op->site],
                         &after->walk.sites[op->site])) {
                return false;
            }
        }
    }
    return true;
}

/* Whether all of them can be free, with those that are free already. */
static bool try_words(struct trials *trials, const uint64_t *keys,
                      uint32_t count)
{
    const struct search *best = trials->best;
    const struct range top = range_top();
    struct search *search = NULL;
    if (trials->left == 0 || trials->steps_left == 0) {
        return false;
    }
    trials->left--;
    search = arena_alloc(trials->arena, 1, sizeof(*search));
    search_continue(search, best, trials->arena);
    for (uint32_t i = 0; i < count; i++) {
        memory_join_exit(&search->memory, keys[i], &top);
    }
    search_run(search, trials->patch);
    trials->steps_left -= search->walk.steps < trials->steps_left
                              ? search->walk.steps
                              : trials->steps_left;
    if (search->failure != NULL || !is_as_good(best, search)) {
        return false;
    }
    trials->best = search;
    return true;
}

/* All together, or by halves.
 * NOLINTNEXTLINE(misc-no-recursion): halves */
static void free_words(struct trials *trials, const uint64_t *keys,
                       uint32_t count)
{
    if (count > 0 && !try_words(trials, keys, count) && count > 1) {
        free_words(trials, keys, count / 2);
        free_words(trials, keys + count / 2, count - count / 2);
    }
}

struct search *settable_free(struct search *search, const struct patch *patch,
                             struct arena *arena)
{
    struct trials trials = {.best = search,
                            .patch = patch,
                            .arena = arena,
                            .steps_left = search->walk.steps,
                            .left = MAX_TRIALS};
    uint64_t *keys = arena_alloc(arena, patch->item_count, sizeof(*keys));
    uint32_t count = 0;
    for (uint32_t i = 0; i < patch->item_count; i++) {
        const struct patch_item *item = &patch->items[i];
        if (is_candidate(search, item)) {
            keys[count++] = memory_key_make(item->memory, item->address);
        }
    }
    free_words(&trials, keys, count);
    return trials.best;
}
