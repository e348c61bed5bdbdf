/* SPDX-License-Identifier: MIT */
/* Text of any origin, safe for where it is printed. Any thread. */
#ifndef F4E_PRINT_H
#define F4E_PRINT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Print text from outside on a terminal. Control characters, characters that
 * reorder or hide text, and bytes that are not UTF-8 become \xHH.
 */
void print_name(const char *name, FILE *file);

/* Whether print_name() leaves it as it is. */
bool print_is_plain(const char *name);

/* Whether it is UTF-8, and without U+FFFD, which stands for what was none. */
bool print_is_utf8(const char *name);

/* How many columns of a terminal print_name() fills. */
int print_name_columns(const char *name);

/* A JSON string in ASCII, quotes included; bytes that are not UTF-8 become
 * U+FFFD. */
void print_json_string(const char *text, FILE *file);

#endif
