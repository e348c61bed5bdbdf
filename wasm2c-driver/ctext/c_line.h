/* SPDX-License-Identifier: MIT */
/* The C text of wasm2c, line by line: it writes one statement in each. */
#ifndef F4E_C_LINE_H
#define F4E_C_LINE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

struct c_line {
    const char *text; /* without its indentation; not terminated */
    size_t indentation;
    size_t length; /* of 'text', without the newline */
};

/* The lines of 'text', which must outlive them. In the arena; '*count' is how
 * many. */
struct c_line *c_lines_split(const char *text, size_t *count,
                             struct arena *arena);

/* The line begins or ends so, or is all of it. */
bool c_line_starts(const struct c_line *line, const char *word);
bool c_line_ends(const struct c_line *line, const char *word);
bool c_line_is(const struct c_line *line, const char *text);

/* Where 'word' is in the line; NULL: nowhere. */
const char *c_line_find(const struct c_line *line, const char *word);

/* Write the line, with 'instead' in place of its text if that is not NULL. */
void c_line_add(struct buf *out, const struct c_line *line,
                const char *instead);

/* Letters, digits and '_' at the start of 'text', or before 'end' and not
 * before 'start'. */
size_t c_word_length(const char *text);
size_t c_word_length_before(const char *start, const char *end);

/* A number for a word; another word may have the same. */
uint64_t c_word_hash(const char *word, size_t length);

#endif
