/* SPDX-License-Identifier: MIT */
#include "control/list.h"

#include "common/element.h"
#include "common/print.h"
#include "control/element_text.h"
#include "control/param.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
    SHOWN = 4,       /* values of an array in a line */
    SHOWN_JSON = 16, /* in an object */
    PER_LINE = 8,    /* of an array in full */
    CELL_MAX = SHOWN * ELEMENT_TEXT_MAX + 8,
};

static size_t item_bytes(const struct f4e_item *item)
{
    return (size_t)item->count * element_bytes(item->element);
}

uint8_t *list_remember(const struct f4e_patch *patch, struct failure *failure)
{
    size_t bytes = 1;
    for (unsigned i = 0; i < patch->item_count; i++) {
        bytes += item_bytes(&patch->items[i]);
    }
    uint8_t *kept = malloc(bytes);
    if (kept == NULL) {
        (void)failure_set_memory(failure);
        return NULL;
    }
    uint8_t *at = kept;
    for (unsigned i = 0; i < patch->item_count; i++) {
        const struct f4e_item *item = &patch->items[i];
        memcpy(at, patch->memories[item->memory].data + item->address,
               item_bytes(item));
        at += item_bytes(item);
    }
    return kept;
}

/* Which items are meant. */
struct selection {
    const struct f4e_patch *patch;
    const char *pattern; /* NULL: all */
    struct place one;    /* what the pattern names, if is_one */
    bool is_one;
};

static bool select_names(struct selection *selection,
                         const struct f4e_patch *patch, const char *pattern,
                         struct failure *failure)
{
    struct failure unknown = {0};
    *selection = (struct selection){.patch = patch, .pattern = pattern};
    if (patch->item_count == 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "the patch has no variables with names");
        return failure_hint(failure,
                            "f4e-build patch.wasm --project patch.8f4e");
    }
    if (pattern == NULL) {
        return true;
    }
    if (names_find(patch, pattern, &selection->one, &unknown) &&
        selection->one.item != NULL) {
        selection->is_one = true;
        return true;
    }
    for (unsigned i = 0; i < patch->item_count; i++) {
        if (fnmatch(pattern, patch->items[i].name, 0) == 0) {
            return true;
        }
    }
    if (unknown.status == STATUS_OK || strpbrk(pattern, "*?") != NULL) {
        return failure_set(failure, STATUS_USAGE, "no name matches '%s'",
                           pattern);
    }
    *failure = unknown;
    return false;
}

static bool is_selected(const struct selection *selection, unsigned item)
{
    const struct f4e_item *own = &selection->patch->items[item];
    return selection->is_one
               ? selection->one.item == own
               : selection->pattern == NULL ||
                     fnmatch(selection->pattern, own->name, 0) == 0;
}

/* The values of a run, from 'base', between blanks. */
static void print_values(const struct place *place, const uint8_t *base,
                         uint32_t count, FILE *file)
{
    unsigned size = element_bytes(place->element);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char text[ELEMENT_TEXT_MAX];
        element_peek(place->element, base + (size_t)i * size, bytes);
        element_text_format(place->element, bytes, text);
        (void)fprintf(file, "%s%s", i > 0 ? " " : "", text);
    }
}

void list_write_values(const struct place *place, const uint8_t *base,
                       uint32_t count, struct json *json)
{
    unsigned size = element_bytes(place->element);
    if (!place->is_one) {
        json_open(json, '[');
    }
    for (uint32_t i = 0; i < count; i++) {
        uint8_t bytes[ELEMENT_BYTES_MAX];
        char text[ELEMENT_TEXT_MAX];
        element_peek(place->element, base + (size_t)i * size, bytes);
        element_text_format_json(place->element, bytes, text);
        json_raw(json, text);
    }
    if (!place->is_one) {
        json_close(json, ']');
    }
}

static uint32_t shown(const struct place *place, uint32_t most)
{
    uint32_t count = place->is_one ? 1 : place->count;
    return count < most ? count : most;
}

void list_print_values(const struct f4e_patch *patch, const struct place *place,
                       const uint8_t *base, FILE *file)
{
    char name[NAMES_TEXT_MAX];
    names_format(patch, place, name, sizeof(name));
    print_name(name, file);
    (void)fputc(' ', file);
    print_values(place, base, shown(place, UINT32_MAX), file);
    (void)fputc('\n', file);
}

void list_print_place(const struct f4e_patch *patch, const struct place *place,
                      uint32_t most, FILE *file)
{
    char name[NAMES_TEXT_MAX];
    uint32_t count = shown(place, most);
    names_format(patch, place, name, sizeof(name));
    print_name(name, file);
    (void)fputc(' ', file);
    print_values(place, names_at(patch, place, 0), count, file);
    (void)fputs(!place->is_one && count < place->count ? " ...\n" : "\n", file);
}

static void format_cell(const struct place *place, const uint8_t *base,
                        char text[CELL_MAX])
{
    uint32_t count = shown(place, SHOWN);
    FILE *file = fmemopen(text, CELL_MAX, "w");
    text[0] = '\0';
    if (file != NULL) {
        print_values(place, base, count, file);
        (void)fputs(!place->is_one && count < place->count ? " ..." : "", file);
        (void)fclose(file);
    }
}

/* What is printed of one item. */
struct row {
    struct place place; /* all of the item, or one element */
    const uint8_t *before;
    char name[NAMES_TEXT_MAX];
    char address[48];
    char before_text[CELL_MAX];
    char now_text[CELL_MAX];
};

static void make_row(const struct selection *selection, unsigned item,
                     const uint8_t *defaults, struct row *row)
{
    const struct f4e_patch *patch = selection->patch;
    row->place = selection->is_one ? selection->one : names_place(patch, item);
    row->before = defaults + (row->place.address - patch->items[item].address);
    const char *memory = patch->memories[row->place.memory].name;
    bool is_first = row->place.memory == 0;
    names_format(patch, &row->place, row->name, sizeof(row->name));
    (void)snprintf(row->address, sizeof(row->address), "%.32s%s0x%" PRIx32,
                   is_first ? "" : memory, is_first ? "" : ":",
                   row->place.address);
    format_cell(&row->place, row->before, row->before_text);
    format_cell(&row->place, names_at(patch, &row->place, 0), row->now_text);
}

static void write_values(const struct place *place, const char *key,
                         const uint8_t *base, uint32_t count, struct json *json)
{
    json_key(json, key);
    list_write_values(place, base, count, json);
}

static void write_row(const struct f4e_patch *patch, const struct row *row,
                      bool is_full, struct json *json)
{
    const struct place *place = &row->place;
    uint32_t count = shown(place, is_full ? UINT32_MAX : SHOWN_JSON);
    json_open(json, '{');
    json_member_string(json, "name", row->name);
    json_member_string(json, "type", place->item->type);
    json_member_string(json, "element", element_code(place->element));
    json_member_unsigned(json, "memory", place->memory);
    json_member_unsigned(json, "address", place->address);
    json_member_unsigned(json, "count", place->is_one ? 1 : place->count);
    write_values(place, "default", row->before, count, json);
    write_values(place, "current", names_at(patch, place, 0), count, json);
    json_close(json, '}');
}

/* Widths of the columns that others stand behind. */
struct widths {
    int name, address, type, before;
};

static int larger(int width, const char *text)
{
    int length = print_name_columns(text);
    return length > width ? length : width;
}

static void print_row(const struct row *row, const struct widths *widths,
                      FILE *file)
{
    print_name(row->name, file);
    int left = widths->name - print_name_columns(row->name);
    (void)fprintf(file, "%*s  %-*s  ", left > 0 ? left : 0, "", widths->address,
                  row->address);
    print_name(row->place.item->type, file);
    left = widths->type - print_name_columns(row->place.item->type);
    (void)fprintf(file, "%*s  %7" PRIu32 "  %-*s  %s\n", left > 0 ? left : 0,
                  "", row->place.is_one ? 1 : row->place.count, widths->before,
                  row->before_text, row->now_text);
}

/* All values of an array, some in a line. */
static void print_full(const struct f4e_patch *patch, const struct place *place,
                       FILE *file)
{
    for (uint32_t i = 0; i < place->count; i += PER_LINE) {
        uint32_t left = place->count - i;
        (void)fprintf(file, "[%" PRIu32 "] ", i);
        print_values(place, names_at(patch, place, i),
                     left < PER_LINE ? left : PER_LINE, file);
        (void)fputc('\n', file);
    }
}

static void print_rows(const struct selection *selection,
                       const uint8_t *defaults, const struct widths *widths,
                       struct widths *measured, struct json *json, FILE *file)
{
    const struct f4e_patch *patch = selection->patch;
    struct row row;
    for (unsigned i = 0; i < patch->item_count;
         defaults += item_bytes(&patch->items[i++])) {
        if (!is_selected(selection, i)) {
            continue;
        }
        make_row(selection, i, defaults, &row);
        if (measured != NULL) {
            measured->name = larger(measured->name, row.name);
            measured->address = larger(measured->address, row.address);
            measured->type = larger(measured->type, row.place.item->type);
            measured->before = larger(measured->before, row.before_text);
        } else if (json != NULL) {
            write_row(patch, &row, selection->is_one, json);
        } else {
            print_row(&row, widths, file);
        }
    }
}

bool list_write(const struct f4e_patch *patch, const uint8_t *defaults,
                const char *pattern, struct json *json, struct failure *failure)
{
    struct selection selection;
    if (!select_names(&selection, patch, pattern, failure)) {
        return false;
    }
    json_open_member(json, "items", '[');
    print_rows(&selection, defaults, NULL, NULL, json, NULL);
    json_close(json, ']');
    return true;
}

bool list_print(const struct f4e_patch *patch, const uint8_t *defaults,
                const char *pattern, FILE *file, struct failure *failure)
{
    struct selection selection;
    struct widths widths = {4, 7, 4, 7}; /* of the titles */
    if (!select_names(&selection, patch, pattern, failure)) {
        return false;
    }
    print_rows(&selection, defaults, &widths, &widths, NULL, file);
    (void)fprintf(file, "%-*s  %-*s  %-*s  %7s  %-*s  %s\n", widths.name,
                  "name", widths.address, "address", widths.type, "type",
                  "count", widths.before, "default", "current");
    print_rows(&selection, defaults, &widths, NULL, NULL, file);
    if (selection.is_one && !selection.one.is_one &&
        selection.one.count > SHOWN) {
        print_full(patch, &selection.one, file);
    }
    return true;
}
