/* SPDX-License-Identifier: MIT */
/* Widening and its thresholds, of memory.h. */
#include "ranges/memory/memory.h"

#include "ranges/domain/value.h"

#include <string.h>

enum {
    PLAIN_GROWTHS = 2, /* joins before widening begins */
    WORD_GROWTHS = 8, /* then at most this many of the word's own thresholds, */
    EQUALITY_GROWTHS = 6,  /* or this many of those from == and !=, */
    THRESHOLD_GROWTHS = 6, /* and of all */
    MAX_THRESHOLDS = 4096,
    /* Below the extreme, so that adding a little does not wrap around. */
    NEAR_EXTREME = 1 << 30,
};

/* The nearest threshold at or above 'value' ('is_upwards'), or at or below it.
 * False when there is none. */
static bool find_threshold(const struct memory_numbers *list, int32_t value,
                           bool is_upwards, int32_t *found)
{
    for (uint32_t i = 0; i < list->count; i++) {
        int32_t number = list->values[is_upwards ? i : list->count - 1 - i];
        if (is_upwards ? number >= value : number <= value) {
            *found = number;
            return true;
        }
    }
    return false;
}

/* The first threshold of the word that is not below 'value', or where it would
 * be. */
static uint32_t find_word_threshold(const struct memory_model *model,
                                    uint64_t key, int32_t value)
{
    uint32_t low = 0;
    uint32_t high = model->word_threshold_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct memory_word_threshold *number =
            &model->word_thresholds[middle];
        if (number->key < key ||
            (number->key == key && number->value < value)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* find_threshold() in the thresholds of one word. */
static bool find_word_bound(const struct memory_model *model, uint64_t key,
                            int32_t value, bool is_upwards, int32_t *found)
{
    uint32_t at = find_word_threshold(model, key, value);
    bool is_it = at < model->word_threshold_count &&
                 model->word_thresholds[at].key == key &&
                 model->word_thresholds[at].value == value;
    if (!is_upwards && !is_it) {
        at = at > 0 ? at - 1 : UINT32_MAX;
    }
    if (at >= model->word_threshold_count ||
        model->word_thresholds[at].key != key) {
        return false;
    }
    *found = model->word_thresholds[at].value;
    return true;
}

/* Parameters of next_bound(). */
struct threshold_search {
    const struct memory_model *model;
    const struct memory_numbers *extents; /* or NULL */
    uint64_t key;
    bool is_of_word; /* the word's own thresholds first */
    bool is_early;
};

/* The bound that a growing bound is widened to: the word's own nearest
 * threshold, else the nearest of all and of the extents, else near the
 * extreme. */
static int32_t next_bound(const struct threshold_search *search, int32_t value,
                          bool is_upwards)
{
    const struct memory_model *model = search->model;
    const struct memory_numbers *extents = search->extents;
    bool is_early = search->is_early;
    int32_t found = 0;
    int32_t extent = 0;
    if (search->is_of_word &&
        find_word_bound(model, search->key, value, is_upwards, &found)) {
        return found;
    }
    bool is_found =
        (is_early && find_threshold(&model->equality_thresholds, value,
                                    is_upwards, &found)) ||
        find_threshold(&model->thresholds, value, is_upwards, &found);
    bool is_extent =
        extents != NULL && find_threshold(extents, value, is_upwards, &extent);
    if (is_found || is_extent) {
        bool is_nearer = is_upwards ? extent < found : extent > found;
        return is_extent && (!is_found || is_nearer) ? extent : found;
    }
    if (is_upwards) {
        return value <= NEAR_EXTREME ? NEAR_EXTREME : INT32_MAX;
    }
    return value >= -NEAR_EXTREME ? -NEAR_EXTREME : INT32_MIN;
}

/* New bounds with the low bits of 'a': these can be lost only 32 times. */
static struct range with_bounds(const struct range *a, int32_t lo, int32_t hi)
{
    struct range wide = {lo, hi, a->residue, a->bits};
    struct range bounds = range_between(lo, hi);
    if (a->bits >= 32 || !range_meet(&wide, &bounds, &wide)) {
        return bounds;
    }
    return wide;
}

static struct range widen(struct threshold_search search,
                          const struct range *old, const struct range *now,
                          uint32_t growths)
{
    struct range both = range_join(old, now);
    if (growths < PLAIN_GROWTHS || range_equal(&both, old)) {
        return both;
    }
    int32_t lo = both.lo;
    int32_t hi = both.hi;
    uint32_t step = growths - PLAIN_GROWTHS;
    search.is_early = step < EQUALITY_GROWTHS;
    search.is_of_word = search.key != VALUE_NO_KEY && step < WORD_GROWTHS;
    if (step < EQUALITY_GROWTHS + THRESHOLD_GROWTHS) {
        hi = hi > old->hi ? next_bound(&search, hi, true) : hi;
        lo = lo < old->lo ? next_bound(&search, lo, false) : lo;
    } else if (step < EQUALITY_GROWTHS + THRESHOLD_GROWTHS + 3) {
        lo = INT32_MIN;
        hi = INT32_MAX;
    } else {
        return range_top();
    }
    return with_bounds(&both, lo, hi);
}

struct range memory_widen(const struct memory_model *model, uint64_t key,
                          const struct range *old, const struct range *now,
                          uint32_t growths)
{
    const struct threshold_search search = {.model = model, .key = key};
    return widen(search, old, now, growths);
}

struct range memory_widen_at_entry(const struct memory_model *model,
                                   uint64_t key, const struct range *old,
                                   const struct range *now, uint32_t growths)
{
    const struct threshold_search search = {
        .model = model, .extents = &model->extents, .key = key};
    return widen(
        search, old, now,
        growths > model->widening_delay ? growths - model->widening_delay : 0);
}

struct range memory_extrapolate(const struct range *range, bool grows_down,
                                bool grows_up)
{
    return with_bounds(
        range,
        grows_down && range->lo > -NEAR_EXTREME ? -NEAR_EXTREME : range->lo,
        grows_up && range->hi < NEAR_EXTREME ? NEAR_EXTREME : range->hi);
}

bool memory_is_bounded(const struct range *seen, bool grows_down, bool grows_up)
{
    return (!grows_down || seen->lo > -(NEAR_EXTREME / 2)) &&
           (!grows_up || seen->hi < NEAR_EXTREME / 2);
}

/* Insert a number in order. False when it is there already, or the list
 * full. */
static bool add_number(struct memory_numbers *list, int32_t value,
                       struct arena *arena)
{
    uint32_t low = 0;
    uint32_t high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->values[middle] < value) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if ((low < list->count && list->values[low] == value) ||
        list->count == MAX_THRESHOLDS) {
        return false;
    }
    list->values = arena_grow(arena, list->values, list->count, &list->capacity,
                              sizeof(*list->values));
    memmove(&list->values[low + 1], &list->values[low],
            (list->count - low) * sizeof(list->values[0]));
    list->values[low] = value;
    list->count++;
    return true;
}

static const int32_t around[] = {0, -1, 1, -4, 4};
enum { AROUND = sizeof(around) / sizeof(around[0]) };

static void add_near(struct memory_model *model, struct memory_numbers *seen,
                     struct memory_numbers *list, int32_t value)
{
    if (!add_number(seen, value, model->arena)) {
        return;
    }
    for (size_t i = 0; i < AROUND; i++) {
        int64_t near = (int64_t)value + around[i];
        if (near >= INT32_MIN && near <= INT32_MAX) {
            (void)add_number(list, (int32_t)near, model->arena);
        }
    }
}

void memory_add_threshold(struct memory_model *model, int32_t value,
                          bool is_equality)
{
    add_near(model, &model->compared, &model->thresholds, value);
    if (is_equality) {
        add_near(model, &model->equalities, &model->equality_thresholds, value);
    }
}

void memory_add_extent(struct memory_model *model, int32_t value)
{
    add_near(model, &model->known_extents, &model->extents, value);
}

static void insert_word_threshold(struct memory_model *model, uint64_t key,
                                  int32_t value)
{
    uint32_t at = find_word_threshold(model, key, value);
    if (model->word_threshold_count == MAX_THRESHOLDS) {
        return;
    }
    model->word_thresholds = arena_grow(
        model->arena, model->word_thresholds, model->word_threshold_count,
        &model->word_threshold_capacity, sizeof(*model->word_thresholds));
    memmove(&model->word_thresholds[at + 1], &model->word_thresholds[at],
            (model->word_threshold_count - at) *
                sizeof(*model->word_thresholds));
    model->word_thresholds[at] = (struct memory_word_threshold){key, value};
    model->word_threshold_count++;
}

void memory_add_word_threshold(struct memory_model *model, uint64_t key,
                               int32_t value)
{
    for (size_t i = 0; i < AROUND; i++) {
        int64_t near = (int64_t)value + around[i];
        int32_t found = 0;
        if (near >= INT32_MIN && near <= INT32_MAX &&
            (!find_word_bound(model, key, (int32_t)near, true, &found) ||
             found != near)) {
            insert_word_threshold(model, key, (int32_t)near);
        }
    }
}
