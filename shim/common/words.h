/* SPDX-License-Identifier: MIT */
/* The words of a line that a user types. Control thread. */
#ifndef F4E_WORDS_H
#define F4E_WORDS_H

#include "common/failure.h"

#include <stdbool.h>

/* Blanks: what separates words. */
extern const char words_blanks[];

/*
 * The next word of '*rest', ended in place, and '*rest' behind it. NULL at the
 * end of the line or at '#', which begins a comment.
 */
char *words_next(char **rest);

/* Whether the line has no more words: STATUS_USAGE names the first. */
F4E_MUST_CHECK bool words_end(char *rest, struct failure *failure);

/* Record that one of 'words' was expected in place of 'word', which is NULL at
 * the end of the line. Always false. */
bool words_fail(const char *words, const char *word, struct failure *failure);

/*
 * The same as words_next() for the values of an array, with blanks between
 * them, a comma, or both.
 */
char *words_next_value(char **rest);

/*
 * Whether there is a value beside each comma: where one is missing the rest
 * would move up. Fails with STATUS_USAGE.
 */
F4E_MUST_CHECK bool words_check_values(const char *values,
                                       struct failure *failure);

/*
 * The text behind this one, of texts that lie one behind the other: a table of
 * them has neither pointers, which are relocated at every start, nor room for
 * the longest.
 */
const char *words_behind(const char *text);

#endif
