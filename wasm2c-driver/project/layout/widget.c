/* SPDX-License-Identifier: MIT */
#include "project/layout/widget_internal.h"

#include <math.h>

static void add(struct widget_list *list, struct patch_param param)
{
    if (list->param_count == list->param_capacity) {
        struct arena *arena = list->layout->arena;
        uint32_t capacity = 2 * list->param_capacity + 16;
        struct patch_param *params =
            arena_alloc(arena, capacity, sizeof(*params));
        uint32_t *lines = arena_alloc(arena, capacity, sizeof(*lines));
        for (uint32_t i = 0; i < list->param_count; i++) {
            params[i] = list->params[i];
            lines[i] = list->param_lines[i];
        }
        list->params = params;
        list->param_lines = lines;
        list->param_capacity = capacity;
    }
    param.module = list->block->id == NULL ? "" : list->block->id;
    param.order = list->seen - 1;
    list->param_lines[list->param_count] = list->line;
    list->params[list->param_count++] = param;
}

/* The item that argument 'index' names; with a notice when there is none. */
static bool find_item(struct widget_list *list,
                      const struct directive *directive, uint32_t index,
                      uint32_t *item)
{
    if (index >= directive->argument_count) {
        notices_add(&list->notices, list->line, "@%s without a name; ignored",
                    span_print(directive->name, list->layout->arena));
        return false;
    }
    struct widget_id id = widget_id_read(directive->arguments[index]);
    return widget_find_item(list, directive, id.name, item);
}

static bool is_float(const struct widget_list *list, uint32_t item)
{
    enum f4e_element element = list->layout->project->items[item].element;
    return element == F4E_F32 || element == F4E_F64;
}

static bool is_whole(double value)
{
    return value == trunc(value);
}

/* @slider ID [min] [max] [step] */
static void read_slider(struct widget_list *list,
                        const struct directive *directive)
{
    struct patch_param param = {.kind = F4E_SLIDER};
    if (!find_item(list, directive, 0, &param.item)) {
        return;
    }
    double *const numbers[] = {&param.min, &param.max, &param.step};
    bool is_float_item = is_float(list, param.item);
    param.max = is_float_item ? 1 : 127;
    for (uint32_t i = 0; i < 3 && i + 1 < directive->argument_count; i++) {
        double value = 0;
        if (number_prefix(directive->arguments[i + 1], &value)) {
            *numbers[i] = value;
        }
    }
    if (!isfinite(param.min) || !isfinite(param.max) || !isfinite(param.step) ||
        param.min > param.max) {
        notices_add(&list->notices, list->line,
                    "@slider is ignored: its range ends before it begins, or "
                    "never");
        return;
    }
    param.is_float_bits =
        !is_float_item &&
        !(is_whole(param.min) && is_whole(param.max) && is_whole(param.step));
    param.step = param.step > 0 ? param.step : 0;
    add(list, param);
}

/* @button ID [off] [on], @switch ID [off] [on] */
static void read_switch(struct widget_list *list,
                        const struct directive *directive,
                        enum f4e_param_kind kind)
{
    struct patch_param param = {.kind = kind, .on = 1};
    double value = 0;
    if (!find_item(list, directive, 0, &param.item)) {
        return;
    }
    if (directive->argument_count > 1 &&
        number_integer_prefix(directive->arguments[1], &value)) {
        param.off = value;
    }
    if (directive->argument_count > 2 &&
        number_integer_prefix(directive->arguments[2], &value) && value != 0) {
        param.on = value;
    }
    if (!isfinite(param.off) || !isfinite(param.on)) {
        notices_add(&list->notices, list->line,
                    "@%s is ignored: its values are too large",
                    kind == F4E_BUTTON ? "button" : "switch");
        return;
    }
    add(list, param);
}

/* @crossfade &LEFT &RIGHT */
static void read_crossfade(struct widget_list *list,
                           const struct directive *directive)
{
    struct patch_param param = {.kind = F4E_CROSSFADE, .min = -1, .max = 1};
    if (directive->argument_count != 2 ||
        !span_starts(directive->arguments[0], "&") ||
        !span_starts(directive->arguments[1], "&")) {
        notices_add(&list->notices, list->line,
                    "@crossfade is ignored: it needs two names with '&'");
        return;
    }
    if (!find_item(list, directive, 0, &param.item) ||
        !find_item(list, directive, 1, &param.item2)) {
        return;
    }
    const struct patch_item *items = list->layout->project->items;
    const struct patch_item *both[] = {&items[param.item], &items[param.item2]};
    for (size_t i = 0; i < 2; i++) {
        if (both[i]->element != F4E_F32 || both[i]->is_array) {
            notices_add(
                &list->notices, list->line,
                "@crossfade is ignored: '%s' is no float",
                span_print(span_of(both[i]->name), list->layout->arena));
            return;
        }
    }
    add(list, param);
}

static bool is_control(const struct directive *directive)
{
    struct span name = directive->name;
    return !directive->is_trailing &&
           (span_equals(name, "slider") || span_equals(name, "button") ||
            span_equals(name, "switch") || span_equals(name, "crossfade"));
}

static void read_block(struct widget_list *list, const struct text_block *block)
{
    struct directive_reader reader;
    struct directive directive;
    directive_init(&reader, list->layout->text, block);
    list->block = block;
    while (directive_next(&reader, &directive)) {
        list->line = text_row_line(block, directive.row);
        bool is_view = view_is_known(&directive);
        if (sender_is_known(&directive)) {
            sender_read(list, &directive);
            continue;
        }
        if (!is_view && !is_control(&directive)) {
            continue;
        }
        if (++list->seen > PROJECT_MAX_DIRECTIVES) {
            notices_add(&list->notices, list->line,
                        "more than %d widgets; ignored",
                        PROJECT_MAX_DIRECTIVES);
            continue;
        }
        if (is_view) {
            view_read(list, &directive);
        } else if (span_equals(directive.name, "slider")) {
            read_slider(list, &directive);
        } else if (span_equals(directive.name, "button")) {
            read_switch(list, &directive, F4E_BUTTON);
        } else if (span_equals(directive.name, "switch")) {
            read_switch(list, &directive, F4E_SWITCH);
        } else {
            read_crossfade(list, &directive);
        }
    }
}

void widgets(struct layout *layout)
{
    struct widget_list list = {.layout = layout,
                               .notices = {.arena = layout->arena}};
    for (uint32_t i = 0; i < layout->text->block_count; i++) {
        if (layout_has_block(layout, &layout->text->blocks[i])) {
            read_block(&list, &layout->text->blocks[i]);
        }
    }
    struct project *project = layout->project;
    project->params = list.params;
    project->param_lines = list.param_lines;
    project->param_count = list.param_count;
    project->views = list.views;
    project->view_lines = list.view_lines;
    project->view_count = list.view_count;
    project->senders = list.senders;
    project->sender_lines = list.sender_lines;
    project->sender_count = list.sender_count;
    project->notices = list.notices.list;
    project->notice_count = list.notices.count;
    project->dropped_notices = list.notices.dropped;
}
