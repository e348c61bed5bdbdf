/* SPDX-License-Identifier: MIT */
/*
 * --list and --params: the patch's variables and widgets with their values.
 * Control thread, also while the patch plays.
 */
#ifndef F4E_LIST_H
#define F4E_LIST_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "control/names.h"
#include "f4e_patch.h"

/*
 * A copy of what all items hold now, for list_print(); free() it. NULL: out of
 * memory, which is recorded.
 */
uint8_t *list_remember(const struct f4e_patch *patch, struct failure *failure);

/*
 * The items whose names match 'pattern', or all when that is NULL, with their
 * values in 'defaults', from list_remember(), and now. A pattern is a shell
 * pattern or what names_find() takes; one array alone is shown in full. As
 * lines, or as one JSON object. Fails with STATUS_USAGE when nothing matches.
 */
F4E_MUST_CHECK bool list_print(const struct f4e_patch *patch,
                               const uint8_t *defaults, const char *pattern,
                               bool is_json, FILE *file,
                               struct failure *failure);

/* The same for widgets, by the name of their item. */
F4E_MUST_CHECK bool list_print_params(const struct f4e_patch *patch,
                                      const char *pattern, bool is_json,
                                      FILE *file, struct failure *failure);

/* "NAME VALUE ..." and a line feed; at most so many values, then "...". */
void list_print_place(const struct f4e_patch *patch, const struct place *place,
                      uint32_t most, FILE *file);

#endif
