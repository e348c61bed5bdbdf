/* SPDX-License-Identifier: MIT */
#include "control/list_rows.h"

#include <fnmatch.h>
#include <string.h>

static bool matches(const char *name, const char *pattern)
{
    return pattern == NULL || fnmatch(pattern, name, 0) == 0;
}

/* The widest name of those that match is '*width' or less then. */
static bool find(const struct list_rows *rows, const struct f4e_patch *patch,
                 unsigned count, const char *pattern, int *width,
                 struct failure *failure)
{
    bool is_any = pattern == NULL;
    for (unsigned i = 0; i < count; i++) {
        const char *name = rows->name(patch, i);
        int length = (int)strlen(name);
        if (matches(name, pattern)) {
            is_any = true;
            *width = length > *width ? length : *width;
        }
    }
    return is_any || failure_set(failure, STATUS_USAGE, "no %s matches '%s'",
                                 rows->nothing, pattern);
}

bool list_rows_write(const struct list_rows *rows,
                     const struct f4e_patch *patch, unsigned count,
                     const char *pattern, struct json *json,
                     struct failure *failure)
{
    int width = 0;
    if (!find(rows, patch, count, pattern, &width, failure)) {
        return false;
    }
    json_open_member(json, rows->member, '[');
    for (unsigned i = 0; i < count; i++) {
        if (matches(rows->name(patch, i), pattern)) {
            rows->write(patch, i, json);
        }
    }
    json_close(json, ']');
    return true;
}

bool list_rows_print(const struct list_rows *rows,
                     const struct f4e_patch *patch, unsigned count,
                     const char *pattern, FILE *file, struct failure *failure)
{
    int width = 4; /* of the title */
    if (!find(rows, patch, count, pattern, &width, failure)) {
        return false;
    }
    width += rows->marks;
    (void)fprintf(file, "%-*s  %s\n", width, "name", rows->title);
    for (unsigned i = 0; i < count; i++) {
        if (matches(rows->name(patch, i), pattern)) {
            rows->print(patch, i, width, file);
        }
    }
    return true;
}
