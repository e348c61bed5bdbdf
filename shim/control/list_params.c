/* SPDX-License-Identifier: MIT */
/* Declared in control/list.h. */
#include "control/list.h"

#include "common/element.h"
#include "common/print.h"
#include "control/element_text.h"
#include "control/list_rows.h"
#include "control/param.h"

#include <inttypes.h>
#include <string.h>

/* Shortest, as values of memory are printed; never infinite. */
static void format_number(double number, char text[ELEMENT_TEXT_MAX])
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    memcpy(bytes, &number, sizeof(number));
    element_text_format(F4E_F64, bytes, text);
}

static void format_now(const struct f4e_patch *patch,
                       const struct f4e_param *param, unsigned item,
                       bool is_json, char text[ELEMENT_TEXT_MAX])
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    const struct f4e_item *at = &patch->items[item];
    enum f4e_element element = param_element(patch, param);
    element_peek(element, patch->memories[at->memory].data + at->address,
                 bytes);
    if (is_json) {
        element_text_format_json(element, bytes, text);
    } else {
        element_text_format(element, bytes, text);
    }
}

/* "0 to 1 in steps of 0.1", "off 0, on 1". */
static void format_range(const struct f4e_patch *patch,
                         const struct f4e_param *param, char *text, size_t size)
{
    char low[ELEMENT_TEXT_MAX];
    char high[ELEMENT_TEXT_MAX];
    char step[ELEMENT_TEXT_MAX];
    format_number(param_is_switch(param) ? param->off : param->min, low);
    format_number(param_is_switch(param) ? param->on : param->max, high);
    format_number(param->step, step);
    if (param_is_switch(param)) {
        (void)snprintf(text, size, "off %s, on %s", low, high);
    } else if (param->kind == F4E_CROSSFADE) {
        (void)snprintf(text, size, "to %.200s",
                       patch->items[param->item2].name);
    } else {
        (void)snprintf(text, size, "%s to %s%s%s", low, high,
                       param->step > 0.0 ? " in steps of " : "",
                       param->step > 0.0 ? step : "");
    }
}

static void write_param(const struct f4e_patch *patch,
                        const struct f4e_param *param, struct json *json)
{
    static const char *const bounds[2][2] = {{"min", "max"}, {"off", "on"}};
    char text[ELEMENT_TEXT_MAX];
    json_open(json, '{');
    json_member_string(json, "item", patch->items[param->item].name);
    json_member_string(json, "kind", param_kind(param));
    for (int i = 0; i < 2; i++) {
        format_number(param_is_switch(param)
                          ? (i == 0 ? param->off : param->on)
                          : (i == 0 ? param->min : param->max),
                      text);
        json_key(json, bounds[param_is_switch(param)][i]);
        json_raw(json, text);
    }
    if (param->kind == F4E_SLIDER) {
        format_number(param->step, text);
        json_key(json, "step");
        json_raw(json, param->step > 0.0 ? text : "null");
    }
    json_member_string(json, "module", param->module);
    json_member_unsigned(json, "order", param->order);
    format_now(patch, param, param->item, true, text);
    json_key(json, "current");
    json_raw(json, text);
    if (param->kind == F4E_CROSSFADE) {
        json_member_string(json, "item2", patch->items[param->item2].name);
        format_now(patch, param, param->item2, true, text);
        json_key(json, "current2");
        json_raw(json, text);
    }
    json_close(json, '}');
}

static void print_line(const struct f4e_patch *patch,
                       const struct f4e_param *param, int width, FILE *file)
{
    char range[256];
    char now[ELEMENT_TEXT_MAX];
    const char *name = patch->items[param->item].name;
    int left = width - (int)strlen(name);
    format_range(patch, param, range, sizeof(range));
    format_now(patch, param, param->item, false, now);
    print_name(name, file);
    (void)fprintf(file, "%*s  %-9s  %-12s  ", left > 0 ? left : 0, "",
                  param_kind(param), now);
    print_name(range, file);
    (void)fputc('\n', file);
}

static const char *name_of(const struct f4e_patch *patch, unsigned row)
{
    return patch->items[patch->params[row].item].name;
}

static void print_row(const struct f4e_patch *patch, unsigned row, int width,
                      FILE *file)
{
    print_line(patch, &patch->params[row], width, file);
}

static void write_row(const struct f4e_patch *patch, unsigned row,
                      struct json *json)
{
    write_param(patch, &patch->params[row], json);
}

static const struct list_rows rows = {
    .member = "params",
    .nothing = "slider, button, switch or crossfade",
    .title = "kind       current       range",
    .name = name_of,
    .print = print_row,
    .write = write_row,
};

bool list_write_params(const struct f4e_patch *patch, const char *pattern,
                       struct json *json, struct failure *failure)
{
    return list_rows_write(&rows, patch, patch->param_count, pattern, json,
                           failure);
}

bool list_print_params(const struct f4e_patch *patch, const char *pattern,
                       FILE *file, struct failure *failure)
{
    return list_rows_print(&rows, patch, patch->param_count, pattern, file,
                           failure);
}
