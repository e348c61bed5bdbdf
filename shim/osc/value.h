/* SPDX-License-Identifier: MIT */
/*
 * Values on their way: arguments of messages, words of requests, numbers in the
 * channel's JSON. Pure functions.
 */
#ifndef F4E_VALUE_H
#define F4E_VALUE_H

#include "osc/space.h"

#include <stdbool.h>
#include <stdint.h>

enum { VALUE_TEXT_MAX = 32 };

/* Arguments as liblo gives them. */
struct arguments {
    const char *types;
    void **values;
    int count;
};

/* The i-th as a number; of T, F and I 1, 0 and 1. False: it is none. */
bool value_number(const struct arguments *arguments, int i, double *number);

/* The same as a word that has all of its bits. */
bool value_word(const struct arguments *arguments, int i,
                char word[VALUE_TEXT_MAX]);

/* A text, or NULL. */
const char *value_text(const struct arguments *arguments, int i);

/* The next number at '*at', within a list or alone; false: there is none. */
bool value_next(const char **at, double *number);

/* Where the members of "values" begin in a line of the channel; NULL: it has
 * none. */
const char *value_members(const char *line);

/* The value of the next member at '*at', and its key; NULL: it was the last
 * one, and '*at' is behind them. */
const char *value_member(const char **at, const char **key, size_t *length);

/* What a node shows of its source's number. */
double value_shown(const struct space *space, const struct space_node *node,
                   double number);

/* The type of its values in messages: 'i', 'f' or 'd'. */
char value_type(const struct space *space, const struct space_node *node);

/* A sum over numbers as elements keep them; 0 at first. */
uint64_t value_hash(uint64_t hash, enum f4e_element element, double number);

#endif
