/* SPDX-License-Identifier: MIT */
/*
 * Presets as they stand in a file, whatever patch they are of:
 *
 *     {"soft": {"filter:cutoff": {"value": 0.2}}}
 *
 * All is sorted by name. What is not understood is kept as text. Control
 * thread.
 */
#ifndef F4E_PRESET_LIST_H
#define F4E_PRESET_LIST_H

#include "common/attributes.h"
#include "config/json_read.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
    PRESETS_MAX = 4096,
    PRESET_VALUES_MAX = 16384,
    PRESET_NAME_BYTES = 1040, /* of presets and of variables, with a final 0 */
};

/* A member of a preset: usually a variable. */
struct preset_value {
    char *name;
    char *text; /* JSON on one line: {"value": 0.2} */
};

struct preset {
    char *name;
    struct preset_value *values; /* by name */
    size_t count;
    size_t capacity;
    bool is_told; /* what of it does not fit the patch */
};

/* Zeroed: empty. */
struct preset_list {
    struct preset *presets; /* by name */
    size_t count;
    size_t capacity;
};

/* Read into an empty list. False: read->error says why. */
F4E_MUST_CHECK bool preset_list_read(struct preset_list *list,
                                     struct json_read *read);

/* Write it: a value a line. */
void preset_list_write(const struct preset_list *list, FILE *file);

/* NULL when there is none. */
struct preset *preset_list_find(const struct preset_list *list,
                                const char *name);

/* The preset of this name, made if it is not there. NULL: no memory, or too
 * many. It moves with the next one that is made. */
struct preset *preset_list_make(struct preset_list *list, const char *name);

void preset_list_remove(struct preset_list *list, struct preset *preset);

/* Set a value; 'text' is copied. False: no memory, or too many. */
F4E_MUST_CHECK bool preset_put(struct preset *preset, const char *name,
                               const char *text);

/* Remove the values for which 'is_wanted' is true. */
void preset_drop(struct preset *preset,
                 bool (*is_wanted)(const void *context, const char *name),
                 const void *context);

void preset_list_free(struct preset_list *list);

#endif
