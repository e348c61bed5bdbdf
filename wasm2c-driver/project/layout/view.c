/* SPDX-License-Identifier: MIT */
#include "project/layout/widget_internal.h"

#include "patch_element.h"

#include <math.h>

enum { WAVE_ROWS = 2, WAVE4_ROWS = 4, GRAPH_ROWS = 8, PIANO_ROWS = 5 };

static const struct {
    const char *name;
    enum f4e_view_kind kind;
    uint32_t rows;
    bool may_trail; /* counts behind code too */
} directives[] = {
    {"watch", F4E_WATCH, 1, true},
    {"w", F4E_WATCH, 1, true},
    {"meter", F4E_METER, 1, true},
    {"plot", F4E_PLOT, GRAPH_ROWS, false},
    {"bars", F4E_BARS, GRAPH_ROWS, false},
    {"wave", F4E_WAVE, WAVE_ROWS, false},
    {"wave2", F4E_WAVE, WAVE_ROWS, false},
    {"wave4", F4E_WAVE, WAVE4_ROWS, false},
    {"piano", F4E_PIANO, PIANO_ROWS, false},
};

enum { DIRECTIVES = sizeof(directives) / sizeof(directives[0]) };

/* DIRECTIVES: none of them. */
static size_t find_directive(const struct directive *directive)
{
    size_t i = 0;
    while (i < DIRECTIVES &&
           !(span_equals(directive->name, directives[i].name) &&
             (directives[i].may_trail || !directive->is_trailing))) {
        i++;
    }
    return i;
}

bool view_is_known(const struct directive *directive)
{
    return find_directive(directive) < DIRECTIVES;
}

/* A view being made. */
struct reading {
    struct widget_list *list;
    const struct directive *directive;
    struct patch_view view;
};

static bool ignore(const struct reading *reading, const char *why)
{
    struct widget_list *list = reading->list;
    notices_add(&list->notices, list->line, "@%s is ignored: %s",
                span_print(reading->directive->name, list->layout->arena), why);
    return false;
}

static const struct patch_item *item_at(const struct reading *reading,
                                        uint32_t item)
{
    return &reading->list->layout->project->items[item];
}

static void set_default_range(struct patch_view *view)
{
    bool is_float = view->element == F4E_F32 || view->element == F4E_F64;
    view->min = is_float ? -1 : patch_element_min(view->element);
    view->max = is_float ? 1 : patch_element_max(view->element);
}

/* Two numbers from argument 'first' on, in place of the type's range. */
static bool read_range(struct reading *reading, uint32_t first)
{
    const struct directive *directive = reading->directive;
    if (directive->argument_count <= first) {
        return true;
    }
    if (directive->argument_count != first + 2 ||
        !number_js(directive->arguments[first], &reading->view.min) ||
        !number_js(directive->arguments[first + 1], &reading->view.max) ||
        !isfinite(reading->view.min) || !isfinite(reading->view.max)) {
        return ignore(reading, "its range is not two finite numbers");
    }
    return true;
}

/* The item of 'id', and the type of what is shown of it. */
static bool take_item(struct reading *reading, const struct widget_id *id,
                      bool follows_pointer)
{
    struct patch_view *view = &reading->view;
    if (!widget_find_item(reading->list, reading->directive, id->name,
                          &view->item)) {
        return false;
    }
    const struct patch_item *item = item_at(reading, view->item);
    if (id->index >= item->count) {
        return ignore(reading, item->count == 0
                                   ? "its variable has no element"
                                   : "its variable has no such element");
    }
    view->index = id->index;
    view->is_pointee = follows_pointer && item->pointer_depth > 0;
    view->element = view->is_pointee ? item->pointee : item->element;
    return true;
}

/* What argument 0 names; in a trailing comment it may be what the line
 * declares, and be left out or consist of marks alone. */
static bool read_id(struct reading *reading, struct widget_id *id)
{
    const struct directive *directive = reading->directive;
    *id = (struct widget_id){0};
    if (directive->argument_count > 0) {
        *id = widget_id_read(directive->arguments[0]);
    }
    bool has_marks =
        directive->argument_count == 0 || reading->view.kind == F4E_WATCH;
    if (id->name.length > 0 || !has_marks) {
        return true;
    }
    return (directive->is_trailing &&
            widget_declared(reading->list, directive->row, &id->name)) ||
           ignore(reading, "it names no variable");
}

/* @watch [ID], @w [ID] */
static bool read_watch(struct reading *reading)
{
    struct widget_id id;
    if (!read_id(reading, &id) || !take_item(reading, &id, id.is_pointee)) {
        return false;
    }
    reading->view.count = 1;
    reading->view.format = id.is_address ? F4E_ADDRESS
                           : id.is_last  ? F4E_LAST_ADDRESS
                                         : id.format;
    return true;
}

/* @meter [ID] [min max]: a pointer stands for what it points to. */
static bool read_meter(struct reading *reading)
{
    struct widget_id id;
    if (!read_id(reading, &id) || !take_item(reading, &id, !id.is_address)) {
        return false;
    }
    reading->view.count = 1;
    set_default_range(&reading->view);
    return read_range(reading, 1);
}

static bool is_integer(const struct patch_item *item)
{
    return item->element != F4E_F32 && item->element != F4E_F64;
}

/* "64", "count(id)" or the name of an integer, which is read live. */
static bool read_count(struct reading *reading, struct span text)
{
    struct patch_view *view = &reading->view;
    struct number number;
    if (number_literal(text, &number) == NUMBER_OK) {
        if (!number.is_integer || number.value < 1 ||
            number.value > UINT32_MAX) {
            return ignore(reading, "its length is not a whole number above 0");
        }
        view->count = (uint32_t)number.value;
        return true;
    }
    bool is_counted = span_starts(text, "count(") && span_ends(text, ")");
    struct span name = is_counted
                           ? span_first(span_from(text, strlen("count(")),
                                        text.length - strlen("count()"))
                           : text;
    uint32_t item = 0;
    if (!widget_find_item(reading->list, reading->directive, name, &item)) {
        return false;
    }
    if (is_counted) {
        view->count = item_at(reading, item)->count;
        return view->count > 0 ||
               ignore(reading, "its length is that of an empty array");
    }
    if (!is_integer(item_at(reading, item)) ||
        item_at(reading, item)->count == 0) {
        return ignore(reading, "its length is not in an integer");
    }
    view->count_item = item;
    return true;
}

/* Without one, and with one that is of no use, a wave is still a wave. */
static void read_cursor(struct reading *reading)
{
    struct widget_list *list = reading->list;
    struct patch_view *view = &reading->view;
    struct widget_id id = widget_id_read(reading->directive->arguments[2]);
    uint32_t item = 0;
    if (!widget_find_item(list, reading->directive, id.name, &item)) {
        return;
    }
    if (item_at(reading, item)->element != F4E_I32 ||
        item_at(reading, item)->count == 0) {
        notices_add(&list->notices, list->line,
                    "@%s has no cursor: '%s' holds no address",
                    span_print(reading->directive->name, list->layout->arena),
                    span_print(span_of(item_at(reading, item)->name),
                               list->layout->arena));
        return;
    }
    view->cursor_item = item;
    view->is_cursor_address = id.is_address;
}

/* @plot, @bars START COUNT [min max]; @wave START COUNT [POINTER] */
static bool read_graph(struct reading *reading)
{
    const struct directive *directive = reading->directive;
    struct patch_view *view = &reading->view;
    if (directive->argument_count < 2) {
        return ignore(reading, "it needs a start and a length");
    }
    struct widget_id id = widget_id_read(directive->arguments[0]);
    if (!take_item(reading, &id, !id.is_address) ||
        !read_count(reading, directive->arguments[1])) {
        return false;
    }
    if (!id.is_address && !view->is_pointee) {
        return ignore(reading, "its start is neither a pointer nor a name with "
                               "'&'");
    }
    set_default_range(view);
    if (view->kind != F4E_WAVE) {
        return read_range(reading, 2);
    }
    if (directive->argument_count > 2) {
        read_cursor(reading);
    }
    return true;
}

/* @piano KEYS COUNT [start] */
static bool read_piano(struct reading *reading)
{
    const struct directive *directive = reading->directive;
    struct patch_view *view = &reading->view;
    double first = 0;
    if (directive->argument_count < 2) {
        return ignore(reading, "it needs an array and the number of its keys");
    }
    struct widget_id id = widget_id_read(directive->arguments[0]);
    struct widget_id count = widget_id_read(directive->arguments[1]);
    if (!take_item(reading, &id, false) ||
        !widget_find_item(reading->list, directive, count.name,
                          &view->count_item)) {
        return false;
    }
    view->index = 0;
    view->count = item_at(reading, view->item)->count;
    if (item_at(reading, view->count_item)->element != F4E_I32 ||
        item_at(reading, view->count_item)->count == 0) {
        return ignore(reading, "the number of its keys is not in an int");
    }
    if (directive->argument_count > 2 &&
        !number_integer_prefix(directive->arguments[2], &first)) {
        first = 0;
    }
    if (!(fabs(first) <= 1e9)) {
        return ignore(reading, "its first key is too large");
    }
    view->first_key = (int32_t)first;
    return true;
}

static void add(struct widget_list *list, const struct patch_view *view)
{
    if (list->view_count == list->view_capacity) {
        struct arena *arena = list->layout->arena;
        uint32_t capacity = 2 * list->view_capacity + 16;
        struct patch_view *views = arena_alloc(arena, capacity, sizeof(*views));
        uint32_t *lines = arena_alloc(arena, capacity, sizeof(*lines));
        for (uint32_t i = 0; i < list->view_count; i++) {
            views[i] = list->views[i];
            lines[i] = list->view_lines[i];
        }
        list->views = views;
        list->view_lines = lines;
        list->view_capacity = capacity;
    }
    list->view_lines[list->view_count] = list->line;
    list->views[list->view_count++] = *view;
}

void view_read(struct widget_list *list, const struct directive *directive)
{
    static bool (*const readers[PATCH_VIEW_KINDS])(struct reading *) = {
        [F4E_WATCH] = read_watch, [F4E_METER] = read_meter,
        [F4E_PLOT] = read_graph,  [F4E_BARS] = read_graph,
        [F4E_WAVE] = read_graph,  [F4E_PIANO] = read_piano,
    };
    size_t row = find_directive(directive);
    struct reading reading = {
        .list = list,
        .directive = directive,
        .view = {.kind = directives[row].kind,
                 .rows = directives[row].rows,
                 .count_item = F4E_NO_ITEM,
                 .cursor_item = F4E_NO_ITEM,
                 .module = list->block->id == NULL ? "" : list->block->id,
                 .order = list->seen - 1},
    };
    if (readers[reading.view.kind](&reading)) {
        add(list, &reading.view);
    }
}
