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

static void print_json(const struct f4e_patch *patch,
                       const struct f4e_param *param, FILE *file)
{
    static const char *const bounds[2][2] = {{"min", "max"}, {"off", "on"}};
    char low[ELEMENT_TEXT_MAX];
    char high[ELEMENT_TEXT_MAX];
    char now[ELEMENT_TEXT_MAX];
    format_number(is_pressed(param) ? param->off : param->min, low);
    format_number(is_pressed(param) ? param->on : param->max, high);
    format_now(patch, param, param->item, true, now);
    (void)fputs("{\"name\": ", file);
    print_json_string(patch->items[param->item].name, file);
    (void)fprintf(file, ", \"kind\": \"%s\", \"%s\": %s, \"%s\": %s",
                  param_kind(param), bounds[is_pressed(param)][0], low,
                  bounds[is_pressed(param)][1], high);
    if (param->kind == F4E_SLIDER) {
        char step[ELEMENT_TEXT_MAX];
        format_number(param->step, step);
        (void)fprintf(file, ", \"step\": %s",
                      param->step > 0.0 ? step : "null");
    }
    (void)fprintf(file, ", \"current\": %s", now);
    if (param->kind == F4E_CROSSFADE) {
        (void)fputs(", \"other\": ", file);
        print_json_string(patch->items[param->item2].name, file);
        format_now(patch, param, param->item2, true, now);
        (void)fprintf(file, ", \"otherCurrent\": %s", now);
    }
    (void)fputc('}', file);
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

bool list_print_params(const struct f4e_patch *patch, const char *pattern,
                       bool is_json, FILE *file, struct failure *failure)
{
    int width = 4;
    bool is_any = pattern == NULL;
    for (unsigned i = 0; i < patch->param_count; ++i) {
        const char *name = patch->items[patch->params[i].item].name;
        int length = (int)strlen(name);
        if (pattern == NULL || fnmatch(pattern, name, 0) == 0) {
            is_any = true;
            width = length > width ? length : width;
        }
    }
    if (!is_any) {
        return failure_set(failure, STATUS_USAGE,
                           "no slider, button, switch or crossfade matches "
                           "'%s'",
                           pattern);
    }
    const char *comma = "";
    if (is_json) {
        (void)fputs("{\"params\": [\n  ", file);
    } else {
        (void)fprintf(file, "%-*s  %-9s  %-12s  %s\n", width, "name", "kind",
                      "current", "range");
    }
    for (unsigned i = 0; i < patch->param_count; ++i) {
        const struct f4e_param *param = &patch->params[i];
        const char *name = patch->items[param->item].name;
        if (pattern != NULL && fnmatch(pattern, name, 0) != 0) {
            continue;
        }
        if (is_json) {
            (void)fputs(comma, file);
            print_json(patch, param, file);
            comma = ",\n  ";
        } else {
            print_line(patch, param, width, file);
        }
    }
    (void)fputs(is_json ? "\n]}\n" : "", file);
    return true;
}
