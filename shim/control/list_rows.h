/* SPDX-License-Identifier: MIT */
/* What --params and --views have in common: rows by the names of items. */
#ifndef F4E_LIST_ROWS_H
#define F4E_LIST_ROWS_H

#include "common/failure.h"
#include "common/json.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdio.h>

struct list_rows {
    const char *member;  /* of the JSON object: a list */
    const char *nothing; /* "no ... matches" */
    const char *title;   /* behind "name" */
    int marks;           /* columns that are wanted beside the name */
    const char *(*name)(const struct f4e_patch *patch, unsigned row);
    /* 'width' columns are for the name. */
    void (*print)(const struct f4e_patch *patch, unsigned row, int width,
                  FILE *file);
    void (*write)(const struct f4e_patch *patch, unsigned row,
                  struct json *json);
};

/* The rows whose names match the pattern (NULL: all), as lines or as a member
 * of a JSON object. Fails with STATUS_USAGE when there is none. */
F4E_MUST_CHECK bool list_rows_print(const struct list_rows *rows,
                                    const struct f4e_patch *patch,
                                    unsigned count, const char *pattern,
                                    FILE *file, struct failure *failure);
F4E_MUST_CHECK bool list_rows_write(const struct list_rows *rows,
                                    const struct f4e_patch *patch,
                                    unsigned count, const char *pattern,
                                    struct json *json, struct failure *failure);

#endif
