/* SPDX-License-Identifier: MIT */
/* Declared in control/list.h. */
#include "control/list.h"

#include "common/element.h"
#include "common/print.h"
#include "control/element_text.h"
#include "control/list_rows.h"
#include "panel/view_text.h"

#include <inttypes.h>
#include <string.h>

enum {
    SHOWN = 4, /* values of a run in a line */
    SHOWN_JSON = 16,
};

/* As values of memory are printed. */
static void format_element(const struct view_run *run, uint32_t index,
                           bool is_json, char text[ELEMENT_TEXT_MAX])
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    element_peek(run->element,
                 run->data + (size_t)index * element_bytes(run->element),
                 bytes);
    if (is_json) {
        element_text_format_json(run->element, bytes, text);
    } else {
        element_text_format(run->element, bytes, text);
    }
}

/* Shortest; never infinite. */
static void format_number(double number, char text[ELEMENT_TEXT_MAX])
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    memcpy(bytes, &number, sizeof(number));
    element_text_format(F4E_F64, bytes, text);
}

static bool has_range(const struct f4e_view *view)
{
    return view->kind != F4E_WATCH && view->kind != F4E_PIANO;
}

static bool has_run(const struct f4e_view *view)
{
    return view->kind != F4E_WATCH && view->kind != F4E_METER;
}

static void print_values(const struct view_run *run, FILE *file)
{
    char text[ELEMENT_TEXT_MAX];
    for (uint32_t i = 0; i < run->count && i < SHOWN; i++) {
        format_element(run, i, false, text);
        (void)fprintf(file, "%s%s", i == 0 ? "" : " ", text);
    }
}

static void print_line(const struct f4e_patch *patch,
                       const struct f4e_view *view, int width, FILE *file)
{
    char what[NAMES_TEXT_MAX];
    const struct view_run run = view_run(patch, view);
    view_what(patch, view, what, sizeof(what));
    int left = width - (int)strlen(what);
    print_name(what, file);
    (void)fprintf(file, "%*s  %-5s  ", left > 0 ? left : 0, "",
                  view_kind(view));
    if (view->kind == F4E_WATCH) {
        char text[VIEW_TEXT_MAX];
        view_text(view, &run, text);
        (void)fprintf(file, "%s\n", text);
        return;
    }
    if (has_run(view)) {
        (void)fprintf(file, "%" PRIu32 ": ", run.count);
    }
    print_values(&run, file);
    (void)fprintf(file, "%s\n", run.count > SHOWN ? " ..." : "");
}

static void write_number(struct json *json, const char *name, double number)
{
    char text[ELEMENT_TEXT_MAX];
    format_number(number, text);
    json_key(json, name);
    json_raw(json, text);
}

/* The members that say what is shown, called as in a manifest. */
static void write_source(const struct f4e_patch *patch,
                         const struct f4e_view *view, struct json *json)
{
    if (view->index > 0) {
        json_member_unsigned(json, "index", view->index);
    }
    if (view->is_pointee) {
        json_member_bool(json, "pointer", true);
    }
    json_member_string(json, "element", element_code(view->element));
    if (view->count_item != F4E_NO_ITEM) {
        json_member_string(json, "countItem",
                           patch->items[view->count_item].name);
    }
    if (view->cursor_item != F4E_NO_ITEM) {
        json_member_string(json, "cursorItem",
                           patch->items[view->cursor_item].name);
        json_member_bool(json, "cursorAddress", view->is_cursor_address);
    }
    if (view->kind == F4E_WATCH) {
        json_member_string(json, "format", view_format(view));
    }
    if (has_range(view)) {
        write_number(json, "min", view->min);
        write_number(json, "max", view->max);
    }
    if (view->kind == F4E_PIANO) {
        write_number(json, "firstKey", view->first_key);
    }
    json_member_unsigned(json, "rows", view->rows);
    json_member_string(json, "module", view->module);
    json_member_unsigned(json, "order", view->order);
}

static void write_view(const struct f4e_patch *patch,
                       const struct f4e_view *view, struct json *json)
{
    const struct view_run run = view_run(patch, view);
    char text[VIEW_TEXT_MAX];
    json_open(json, '{');
    json_member_string(json, "kind", view_kind(view));
    json_member_string(json, "item", patch->items[view->item].name);
    write_source(patch, view, json);
    json_member_unsigned(json, "address", run.address);
    json_member_unsigned(json, "count", run.count);
    if (run.cursor != VIEW_NO_CURSOR) {
        json_member_unsigned(json, "cursor", run.cursor);
    }
    if (view->kind == F4E_WATCH) {
        view_text(view, &run, text);
        json_member_string(json, "text", text);
    }
    json_open_member(json, "current", '[');
    for (uint32_t i = 0; i < run.count && i < SHOWN_JSON; i++) {
        format_element(&run, i, true, text);
        json_raw(json, text);
    }
    json_close(json, ']');
    json_close(json, '}');
}

static const char *name_of(const struct f4e_patch *patch, unsigned row)
{
    return patch->items[patch->views[row].item].name;
}

static void print_row(const struct f4e_patch *patch, unsigned row, int width,
                      FILE *file)
{
    print_line(patch, &patch->views[row], width, file);
}

static void write_row(const struct f4e_patch *patch, unsigned row,
                      struct json *json)
{
    write_view(patch, &patch->views[row], json);
}

static const struct list_rows rows = {
    .member = "views",
    .nothing = "view",
    .title = "kind   current",
    .marks = 1, /* '*' or '&' */
    .name = name_of,
    .print = print_row,
    .write = write_row,
};

bool list_write_views(const struct f4e_patch *patch, const char *pattern,
                      struct json *json, struct failure *failure)
{
    return list_rows_write(&rows, patch, patch->view_count, pattern, json,
                           failure);
}

bool list_print_views(const struct f4e_patch *patch, const char *pattern,
                      FILE *file, struct failure *failure)
{
    return list_rows_print(&rows, patch, patch->view_count, pattern, file,
                           failure);
}
