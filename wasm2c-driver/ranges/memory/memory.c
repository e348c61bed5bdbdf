/* SPDX-License-Identifier: MIT */
#include "ranges/memory/memory.h"

#include <string.h>

void memory_init(struct memory_model *model,
                 const struct initial_memory *initial, struct arena *arena)
{
    *model = (struct memory_model){.initial = initial, .arena = arena};
}

static void copy_spans(struct memory_list *copy, const struct memory_list *list,
                       struct arena *arena)
{
    *copy = (struct memory_list){NULL, list->count, list->count};
    copy->spans = arena_alloc(arena, list->count, sizeof(*copy->spans));
    if (list->count > 0) {
        memcpy(copy->spans, list->spans, list->count * sizeof(*copy->spans));
    }
}

/* Numbers are only added: they may share what is there until then. */
static void share_numbers(struct memory_numbers *numbers)
{
    numbers->capacity = numbers->count;
}

void memory_copy(struct memory_model *copy, const struct memory_model *model)
{
    *copy = *model;
    copy_spans(&copy->cells, &model->cells, model->arena);
    copy_spans(&copy->writes, &model->writes, model->arena);
    copy->extrapolated = (struct memory_list){NULL, 0, 0};
    copy->dependencies = (struct memory_list){NULL, 0, 0};
    share_numbers(&copy->thresholds);
    share_numbers(&copy->compared);
    share_numbers(&copy->equality_thresholds);
    share_numbers(&copy->equalities);
    share_numbers(&copy->extents);
    share_numbers(&copy->known_extents);
    copy->word_threshold_capacity = copy->word_threshold_count;
    copy->is_recording = false;
}

/* The first span that ends after 'key'. */
static uint32_t find_span(const struct memory_list *list, uint64_t key)
{
    uint32_t low = 0;
    uint32_t high = list->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (list->spans[middle].end <= key) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static void insert_span(struct memory_list *list, uint32_t at,
                        const struct memory_span *span, struct arena *arena)
{
    list->spans = arena_grow(arena, list->spans, list->count, &list->capacity,
                             sizeof(*list->spans));
    memmove(&list->spans[at + 1], &list->spans[at],
            (list->count - at) * sizeof(list->spans[0]));
    list->spans[at] = *span;
    list->count++;
}

static void join_list(const struct memory_list *list, uint64_t start,
                      uint64_t end, struct range *all)
{
    for (uint32_t i = find_span(list, start);
         i < list->count && list->spans[i].start < end; i++) {
        *all = range_join(all, &list->spans[i].range);
    }
}

/* The join of the words in [start, end) of one memory, not empty. */
static struct range join_words(const struct memory_model *model, uint64_t start,
                               uint64_t end)
{
    uint32_t memory = (uint32_t)(start >> 32);
    uint64_t base = (uint64_t)memory << 32;
    struct range all =
        initial_memory_join(model->initial, memory, start - base, end - base);
    join_list(&model->cells, start, end, &all);
    join_list(&model->writes, start, end, &all);
    return all;
}

static bool is_listed(const struct memory_list *list, uint64_t start,
                      uint64_t end)
{
    uint32_t at = find_span(list, start);
    return at < list->count && list->spans[at].start < end;
}

bool memory_has_cell(const struct memory_model *model, uint64_t start,
                     uint64_t end)
{
    return is_listed(&model->cells, start, end);
}

bool memory_is_initial(const struct memory_model *model, uint64_t start,
                       uint64_t end)
{
    return !is_listed(&model->cells, start, end) &&
           !is_listed(&model->writes, start, end);
}

bool memory_is_relied_on(const struct memory_model *model, uint64_t key)
{
    return is_listed(&model->dependencies, key, key + 4);
}

struct range memory_at_entry(const struct memory_model *model, uint64_t key)
{
    return join_words(model, key, key + 4);
}

static void split_at(struct memory_list *list, uint64_t key,
                     struct arena *arena);
static void merge_equal(struct memory_list *list, uint64_t start, uint64_t end);

struct range memory_read(struct memory_model *model, uint64_t start,
                         uint64_t end)
{
    struct memory_list *list = &model->dependencies;
    const struct range all = join_words(model, start, end);
    if (!model->is_recording || model->is_extrapolating || range_is_top(&all)) {
        return all;
    }
    split_at(list, start, model->arena);
    split_at(list, end, model->arena);
    for (uint64_t at = start; at < end;) {
        uint32_t i = find_span(list, at);
        bool is_there = i < list->count && list->spans[i].start <= at;
        if (is_there) { /* both claims depend on it, so both must hold */
            struct memory_span *span = &list->spans[i];
            (void)range_meet(&span->range, &span->range, &all);
            at = span->end;
            continue;
        }
        uint64_t next = i < list->count && list->spans[i].start < end
                            ? list->spans[i].start
                            : end;
        const struct memory_span span = {
            .start = at, .end = next, .range = all};
        insert_span(list, i, &span, model->arena);
        at = next;
    }
    merge_equal(list, start, end);
    return all;
}

/* Widen a span by 'range'. */
static void widen_span(struct memory_model *model, struct memory_span *span,
                       const struct range *range)
{
    struct range wide = memory_widen_at_entry(model, span->start, &span->range,
                                              range, span->growths);
    if (range_equal(&wide, &span->range)) {
        return;
    }
    if (span->has_target && range_within(range, &span->target)) {
        wide = range_join(&span->range, &span->target);
    }
    span->has_target = false;
    span->grows_down = span->grows_down || wide.lo < span->range.lo;
    span->grows_up = span->grows_up || wide.hi > span->range.hi;
    span->range = wide;
    span->growths++;
    model->has_grown = true;
}

/* During an extrapolation: join the exit value of a cell. */
static void join_extrapolated(struct memory_model *model, uint64_t key,
                              const struct range *range)
{
    struct memory_list *list = &model->extrapolated;
    uint32_t at = find_span(list, key);
    if (at < list->count && list->spans[at].start == key) {
        list->spans[at].range = range_join(&list->spans[at].range, range);
        return;
    }
    const struct memory_span span = {
        .start = key, .end = key + 4, .range = *range};
    insert_span(list, at, &span, model->arena);
}

void memory_join_exit(struct memory_model *model, uint64_t key,
                      const struct range *range)
{
    struct memory_list *list = &model->cells;
    uint32_t at = find_span(list, key);
    if (model->is_extrapolating) {
        join_extrapolated(model, key, range);
        return;
    }
    if (at < list->count && list->spans[at].start == key) {
        widen_span(model, &list->spans[at], range);
        return;
    }
    struct range held = memory_at_entry(model, key);
    if (range_within(range, &held)) {
        return;
    }
    struct memory_span span = {.start = key, .end = key + 4, .growths = 1};
    span.range = range_join(&held, range);
    span.grows_down = span.range.lo < held.lo;
    span.grows_up = span.range.hi > held.hi;
    insert_span(list, at, &span, model->arena);
    model->has_grown = true;
}

void memory_begin_pass(struct memory_model *model)
{
    model->has_grown = false;
    model->dependencies.count = 0;
    for (uint32_t i = 0; i < model->cells.count; i++) {
        model->cells.spans[i].grows_down = false;
        model->cells.spans[i].grows_up = false;
    }
}

bool memory_begin_extrapolation(struct memory_model *model)
{
    bool is_any = false;
    model->extrapolated.count = 0;
    for (uint32_t i = 0; i < model->cells.count; i++) {
        struct memory_span *span = &model->cells.spans[i];
        span->target = span->range;
        span->has_target = span->grows_down || span->grows_up;
        if (span->has_target) {
            span->range = memory_extrapolate(&span->range, span->grows_down,
                                             span->grows_up);
            is_any = true;
        }
    }
    model->is_extrapolating = is_any;
    return is_any;
}

void memory_end_extrapolation(struct memory_model *model)
{
    model->is_extrapolating = false;
    for (uint32_t i = 0; i < model->cells.count; i++) {
        struct memory_span *span = &model->cells.spans[i];
        uint32_t at = find_span(&model->extrapolated, span->start);
        bool is_seen = at < model->extrapolated.count &&
                       model->extrapolated.spans[at].start == span->start;
        if (!span->has_target) {
            continue;
        }
        span->range = span->target;
        span->has_target =
            is_seen && memory_is_bounded(&model->extrapolated.spans[at].range,
                                         span->grows_down, span->grows_up);
        if (span->has_target) {
            span->target =
                range_join(&span->range, &model->extrapolated.spans[at].range);
        }
    }
}

/* Split the span that contains 'key', so that one begins there. */
static void split_at(struct memory_list *list, uint64_t key,
                     struct arena *arena)
{
    uint32_t at = find_span(list, key);
    if (at < list->count && list->spans[at].start < key) {
        struct memory_span tail = list->spans[at];
        tail.start = key;
        list->spans[at].end = key;
        insert_span(list, at + 1, &tail, arena);
    }
}

static bool can_merge(const struct memory_span *a, const struct memory_span *b)
{
    return a->end == b->start && range_equal(&a->range, &b->range) &&
           a->start >> 32 == (b->end - 1) >> 32;
}

static void merge_equal(struct memory_list *list, uint64_t start, uint64_t end)
{
    uint32_t first = find_span(list, start > 0 ? start - 1 : 0);
    uint32_t kept = first;
    uint32_t at = first + 1;
    for (; at < list->count && list->spans[at].start <= end; at++) {
        struct memory_span *last = &list->spans[kept];
        const struct memory_span *next = &list->spans[at];
        if (can_merge(last, next)) {
            last->end = next->end;
            last->growths =
                last->growths > next->growths ? last->growths : next->growths;
        } else {
            list->spans[++kept] = *next;
        }
    }
    if (kept + 1 < at && at <= list->count) {
        memmove(&list->spans[kept + 1], &list->spans[at],
                (list->count - at) * sizeof(list->spans[0]));
        list->count -= at - (kept + 1);
    }
}

/* Whether [start, end) is covered by spans that contain 'range'. */
static bool is_written(const struct memory_list *list, uint64_t start,
                       uint64_t end, const struct range *range)
{
    for (uint32_t at = find_span(list, start); start < end; at++) {
        if (at == list->count || list->spans[at].start > start ||
            !range_within(range, &list->spans[at].range)) {
            return false;
        }
        start = list->spans[at].end;
    }
    return true;
}

void memory_weak_update(struct memory_model *model, uint64_t start,
                        uint64_t end, const struct range *range)
{
    struct memory_list *list = &model->writes;
    if (model->is_extrapolating || is_written(list, start, end, range)) {
        return;
    }
    split_at(list, start, model->arena);
    split_at(list, end, model->arena);
    for (uint64_t at = start; at < end;) {
        uint32_t i = find_span(list, at);
        if (i < list->count && list->spans[i].start <= at) {
            widen_span(model, &list->spans[i], range);
            at = list->spans[i].end;
            continue;
        }
        uint64_t next = i < list->count && list->spans[i].start < end
                            ? list->spans[i].start
                            : end;
        const struct memory_span span = {
            .start = at, .end = next, .range = *range, .growths = 1};
        insert_span(list, i, &span, model->arena);
        model->has_grown = true;
        at = next;
    }
    merge_equal(list, start, end);
}
