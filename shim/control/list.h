/* SPDX-License-Identifier: MIT */
/*
 * --list and --params: print the patch's variables and widgets with their
 * values. Control thread, also while the patch plays.
 */
#ifndef F4E_LIST_H
#define F4E_LIST_H

#include "common/failure.h"
#include "common/json.h"
#include "control/names.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Copy the current values of all items, for list_print(); free() the copy.
 * NULL: out of memory, and the failure is set.
 */
F4E_MUST_CHECK uint8_t *list_remember(const struct f4e_patch *patch,
                                      struct failure *failure);

/*
 * Print the items that match 'pattern' (NULL: all) with their values in
 * 'defaults', of list_remember(), and now, as lines or as "items" of the JSON
 * object that is open. The pattern is a shell pattern or a name of
 * names_find(); a single array is printed in full. Fails with STATUS_USAGE,
 * with nothing written, when nothing matches.
 */
F4E_MUST_CHECK bool list_print(const struct f4e_patch *patch,
                               const uint8_t *defaults, const char *pattern,
                               FILE *file, struct failure *failure);
F4E_MUST_CHECK bool list_write(const struct f4e_patch *patch,
                               const uint8_t *defaults, const char *pattern,
                               struct json *json, struct failure *failure);

/* The same for widgets, by the name of their item; "params". */
F4E_MUST_CHECK bool list_print_params(const struct f4e_patch *patch,
                                      const char *pattern, FILE *file,
                                      struct failure *failure);
F4E_MUST_CHECK bool list_write_params(const struct f4e_patch *patch,
                                      const char *pattern, struct json *json,
                                      struct failure *failure);

/* And for views, by the name of their item; "views". */
F4E_MUST_CHECK bool list_print_views(const struct f4e_patch *patch,
                                     const char *pattern, FILE *file,
                                     struct failure *failure);
F4E_MUST_CHECK bool list_write_views(const struct f4e_patch *patch,
                                     const char *pattern, struct json *json,
                                     struct failure *failure);

/*
 * The first 'count' values at 'base' as a JSON value: a list, unless the place
 * is one element. What is not finite is a string.
 */
void list_write_values(const struct place *place, const uint8_t *base,
                       uint32_t count, struct json *json);

/* Print "NAME VALUE..." and a line feed: at most 'most' values, then "..."; or
 * all of them, from 'base'. */
void list_print_values(const struct f4e_patch *patch, const struct place *place,
                       const uint8_t *base, FILE *file);
void list_print_place(const struct f4e_patch *patch, const struct place *place,
                      uint32_t most, FILE *file);

#endif
