/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 of unknown origin: whether it is well-formed, and a form of it that a
 * terminal shows and does not obey.
 */
#ifndef F4E_UTF8_H
#define F4E_UTF8_H

#include "base/arena.h"

/* Bytes of the well-formed character at 'bytes', of which there are 'left' > 0
 * (no overlong form, no surrogate, at most U+10FFFF); 0: there is none. */
size_t utf8_sequence(const uint8_t *bytes, size_t left);

/* Whether all 'length' bytes are well-formed characters. */
bool utf8_is_valid(const uint8_t *bytes, size_t length);

/*
 * A text for a message, in the arena. Bytes of control characters, line
 * separators, bidirectional controls, quotes and backslashes, and bytes that
 * are not well-formed, become \xNN; after 80 bytes of input the text ends in
 * "…".
 */
const char *utf8_print(const uint8_t *bytes, size_t length,
                       struct arena *arena);

/* The same for a C string; NULL becomes "". */
const char *utf8_print_text(const char *text, struct arena *arena);

#endif
