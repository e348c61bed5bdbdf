/* SPDX-License-Identifier: MIT */
/* Declared in control/list.h. */
#include "control/list.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <string.h>

#include "common/element.h"
#include "common/print.h"
#include "control/element_text.h"
#include "control/param.h"

/* Shortest, as values of memory are printed; never infinite. */
static void format_number(double number, char text[ELEMENT_TEXT_MAX])
{
    uint8_t bytes[ELEMENT_BYTES_MAX];
    memcpy(bytes, &number, sizeof number);
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

static bool is_pressed(const struct f4e_param *param)
{
    return param->kind == F4E_BUTTON || param->kind == F4E_SWITCH;
}

/* "0 to 1 in steps of 0.1", "off 0, on 1". */
static void format_range(const struct f4e_patch *patch,
                         const struct f4e_param *param, char *text, size_t size)
{
    char low[ELEMENT_TEXT_MAX];
    char high[ELEMENT_TEXT_MAX];
    char step[ELEMENT_TEXT_MAX];
    format_number(is_pressed(param) ? param->off : param->min, low);
    format_number(is_pressed(param) ? param->on : param->max, high);
    format_number(param->step, step);
    if (is_pressed(param)) {
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
        format_number(is_pressed(param) ? (i == 0 ? param->off : param->on)
                                        : (i == 0 ? param->min : param->max),
                      text);
        json_key(json, bounds[is_pressed(param)][i]);
        json_raw(json, text);
    }
    if (param->kind == F4E_SLIDER) {
        format_number(param->step, text);
        json_key(json, "step");
        json_raw(json, param->step > 0.0 ? text : "null");
    }
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
    format_range(patch, param, range, sizeof range);
    format_now(patch, param, param->item, false, now);
    print_name(name, file);
    (void)fprintf(file, "%*s  %-9s  %-12s  ", left > 0 ? left : 0, "",
                  param_kind(param), now);
    print_name(range, file);
    (void)fputc('\n', file);
}

static bool is_shown(const struct f4e_patch *patch, unsigned param,
                     const char *pattern)
{
    return pattern == NULL ||
           fnmatch(pattern, patch->items[patch->params[param].item].name, 0) ==
               0;
}

/* The widest name of those that match is '*width' or less then. */
static bool find_params(const struct f4e_patch *patch, const char *pattern,
                        int *width, struct failure *failure)
{
    bool is_any = pattern == NULL;
    for (unsigned i = 0; i < patch->param_count; i++) {
        int length = (int)strlen(patch->items[patch->params[i].item].name);
        if (is_shown(patch, i, pattern)) {
            is_any = true;
            *width = length > *width ? length : *width;
        }
    }
    return is_any ||
           failure_set(failure, STATUS_USAGE,
                       "no slider, button, switch or crossfade matches '%s'",
                       pattern);
}

bool list_write_params(const struct f4e_patch *patch, const char *pattern,
                       struct json *json, struct failure *failure)
{
    int width = 0;
    if (!find_params(patch, pattern, &width, failure)) {
        return false;
    }
    json_open_member(json, "params", '[');
    for (unsigned i = 0; i < patch->param_count; i++) {
        if (is_shown(patch, i, pattern)) {
            write_param(patch, &patch->params[i], json);
        }
    }
    json_close(json, ']');
    return true;
}

bool list_print_params(const struct f4e_patch *patch, const char *pattern,
                       FILE *file, struct failure *failure)
{
    int width = 4; /* of the title */
    if (!find_params(patch, pattern, &width, failure)) {
        return false;
    }
    (void)fprintf(file, "%-*s  %-9s  %-12s  %s\n", width, "name", "kind",
                  "current", "range");
    for (unsigned i = 0; i < patch->param_count; i++) {
        if (is_shown(patch, i, pattern)) {
            print_line(patch, &patch->params[i], width, file);
        }
    }
    return true;
}
