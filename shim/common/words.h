/* SPDX-License-Identifier: MIT */
/* The words of a line that a user types. Control thread. */
#ifndef F4E_WORDS_H
#define F4E_WORDS_H

/* Blanks: what separates words. */
extern const char words_blanks[];

/*
 * The next word of '*rest', ended in place, and '*rest' behind it. NULL at the
 * end of the line or at '#', which begins a comment.
 */
char *words_next(char **rest);

#endif
