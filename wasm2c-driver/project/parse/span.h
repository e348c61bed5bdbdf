/* SPDX-License-Identifier: MIT */
/*
 * Slices of UTF-8 in a project text, with JavaScript's notions of blanks, order
 * and array indices, which the 8f4e compiler uses.
 */
#ifndef F4E_PROJECT_SPAN_H
#define F4E_PROJECT_SPAN_H

#include "base/arena.h"

struct span {
    const char *bytes; /* not NUL-terminated */
    size_t length;
};

/* The bytes of a NUL-terminated text. */
struct span span_of(const char *text);
bool span_equals(struct span span, const char *text);
bool span_same(struct span a, struct span b);
bool span_starts(struct span span, const char *prefix);
bool span_ends(struct span span, const char *suffix);
bool span_has(struct span span, const char *characters); /* one of them */

static inline struct span span_from(struct span span, size_t start)
{
    return (struct span){span.bytes + start, span.length - start};
}

static inline struct span span_first(struct span span, size_t length)
{
    return (struct span){span.bytes, length};
}

/* Bytes of the blank that 'span' starts with (as JavaScript's \s), or 0. */
size_t span_wide_blank(struct span span); /* beyond ASCII */
static inline size_t span_blank(struct span span)
{
    unsigned char first = span.length == 0 ? 'x' : (unsigned char)*span.bytes;
    return first >= 0x80 ? span_wide_blank(span)
                         : first == ' ' || (first >= '\t' && first <= '\r');
}
struct span span_trim_left(struct span span);
struct span span_trim(struct span span);

/* Cut the next run of anything but blanks off 'rest'; empty at its end. */
struct span span_word(struct span *rest);

/* Whether the bytes hold a character that JavaScript's '.' does not match:
 * CR, U+2028, U+2029. */
bool span_has_line_end(struct span span);

/* The text that JavaScript reads: U+FFFD in place of each sequence that is not
 * UTF-8. The span itself when there is none. */
struct span span_decode(struct span span, struct arena *arena);

/* <0, 0, >0 in the order of UTF-16 code units, which is not that of bytes. */
int span_compare_utf16(struct span a, struct span b);

char *span_copy(struct span span, struct arena *arena);
/* For messages: control bytes and quotes escaped, cut when long. */
const char *span_print(struct span span, struct arena *arena);

/* The value of an array index of JavaScript ("0" … "4294967294", no leading
 * zero): such keys of an object come first, in numeric order. False: none. */
bool span_index(struct span span, uint32_t *index);

#endif
