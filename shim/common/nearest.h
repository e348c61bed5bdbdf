/* SPDX-License-Identifier: MIT */
/*
 * How far two words are apart, to guess what was meant. Control thread.
 */
#ifndef F4E_NEAREST_H
#define F4E_NEAREST_H

#include <stddef.h>

/*
 * Characters to insert, delete or replace to turn one word into the other.
 * SIZE_MAX when 'b' is longer than 64.
 */
size_t nearest_distance(const char *a, const char *b);

/* The most edits that still are a slip in typing 'word'. */
size_t nearest_limit(const char *word);

#endif
