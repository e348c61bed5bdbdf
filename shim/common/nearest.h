/* SPDX-License-Identifier: MIT */
/* The edit distance of two words, for "did you mean" hints. Any thread. */
#ifndef F4E_NEAREST_H
#define F4E_NEAREST_H

#include <stddef.h>

/*
 * The Levenshtein distance: characters to insert, delete or replace to turn one
 * word into the other. SIZE_MAX when 'b' is longer than 64 bytes.
 */
size_t nearest_distance(const char *a, const char *b);

/* The largest distance at which a word is still suggested for 'word'. */
size_t nearest_limit(const char *word);

#endif
