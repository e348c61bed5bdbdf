/* SPDX-License-Identifier: MIT */
/* The addresses as the JSON of OSCQuery. Pure functions. */
#ifndef F4E_TREE_H
#define F4E_TREE_H

#include "osc/space.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { TREE_ELEMENTS_MAX = 1024 }; /* longer arrays are shown alone */

/* The nodes at and below an address whose values belong into its answer. */
struct tree_walk {
    const struct space *space;
    size_t at;
    size_t end;
    bool is_alone;
};

/* 'path' has no '/' at its end. */
struct tree_walk tree_walk_start(const struct space *space, const char *path);
const struct space_node *tree_walk_next(struct tree_walk *walk);

/* Whether there is such an attribute; '*name' is one that stays. */
bool tree_has_attribute(const char **name);

/*
 * What is known of 'path', all or one attribute. 'values' are members of JSON:
 * those of tree_walk_next() in this order, each with its key. The status of
 * HTTP: 204 if there is no such attribute here, 404 if there is nothing.
 */
unsigned tree_write(const struct space *space, const char *path,
                    const char *attribute, const char *values, FILE *file);

/* HOST_INFO. */
void tree_write_host(const struct space *space, uint16_t port, FILE *file);

#endif
