/* SPDX-License-Identifier: MIT */
/* Validation of untrusted UTF-8, and escaping for messages. */
#ifndef F4E_UTF8_H
#define F4E_UTF8_H

#include "base/arena.h"

/* Length of the well-formed sequence at 'bytes' (no overlong form, no
 * surrogate, at most U+10FFFF), of 'left' > 0 bytes; 0: not well-formed. */
size_t utf8_sequence(const uint8_t *bytes, size_t left);

/* Whether all 'length' bytes are well-formed characters. */
bool utf8_is_valid(const uint8_t *bytes, size_t length);

/*
 * Text for a message, safe to print on a terminal; in the arena. Control
 * characters, line separators, bidirectional controls, quotes, backslashes and
 * malformed bytes become \xNN; after 80 bytes of input the text ends in "…".
 */
const char *utf8_print(const uint8_t *bytes, size_t size, struct arena *arena);

/* The same for a line of another program's output: quotes, backslashes and tabs
 * are kept, and 500 bytes of input are shown. */
const char *utf8_print_line(const uint8_t *bytes, size_t size,
                            struct arena *arena);

/* utf8_print() of a C string; NULL becomes "". */
const char *utf8_print_text(const char *text, struct arena *arena);

#endif
