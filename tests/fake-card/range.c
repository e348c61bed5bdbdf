/* SPDX-License-Identifier: MIT */
#include "range.h"

#include <limits.h>
#include <stdlib.h>

/* Digits only: no blank, no sign. Returns where they end, or NULL. */
static const char *read_number(const char *text, unsigned *value)
{
    char *end;
    if (*text < '0' || *text > '9') {
        return NULL;
    }
    unsigned long number = strtoul(text, &end, 10);
    *value = (unsigned)number;
    return number <= UINT_MAX ? end : NULL;
}

/* Keeps the list ascending. */
static bool add(struct range *range, unsigned value)
{
    if (range->count == RANGE_LIST_MAX) {
        return false;
    }
    size_t at = range->count++;
    for (; at > 0 && range->list[at - 1] > value; at--) {
        range->list[at] = range->list[at - 1];
    }
    range->list[at] = value;
    return true;
}

static bool add_steps(struct range *range, unsigned step)
{
    for (unsigned value = range->least;
         step > 0 && value <= range->most && range->most >= step;
         value += step) {
        if (!add(range, value)) {
            return false;
        }
        if (value > range->most - step) {
            break;
        }
    }
    return range->count > 0;
}

static bool parse_span(struct range *range, const char *at)
{
    unsigned step = 1;
    at = read_number(at, &range->most);
    if (at != NULL && *at == '/') {
        at = read_number(at + 1, &step);
    }
    if (at == NULL || *at != '\0' || range->most < range->least) {
        return false;
    }
    return step == 1 || add_steps(range, step);
}

bool range_parse(struct range *range, const char *text)
{
    *range = (struct range){0};
    const char *at = text;
    while (*at != '\0') {
        unsigned value;
        if (*at == ' ') {
            at++;
            continue;
        }
        at = read_number(at, &value);
        if (at != NULL && *at == '-' && range->count == 0) {
            range->least = value;
            return parse_span(range, at + 1);
        }
        if (at == NULL || (*at != ' ' && *at != '\0') || !add(range, value)) {
            return false;
        }
    }
    if (range->count == 0) {
        return false;
    }
    range->least = range->list[0];
    range->most = range->list[range->count - 1];
    return true;
}

bool range_has(const struct range *range, unsigned long value)
{
    if (value < range->least || value > range->most) {
        return false;
    }
    for (size_t k = 0; k < range->count; k++) {
        if (range->list[k] == value) {
            return true;
        }
    }
    return range->count == 0;
}
