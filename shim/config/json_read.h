/* SPDX-License-Identifier: MIT */
/*
 * Reads JSON (RFC 8259) strictly, value after value, without a tree. The text
 * is untrusted and need not end with 0. The first error stays: every function
 * fails from then on, and lists and objects end, so loops need no check of
 * their own. Any thread.
 */
#ifndef F4E_JSON_READ_H
#define F4E_JSON_READ_H

#include "common/attributes.h"

#include <stdbool.h>
#include <stddef.h>

enum { JSON_READ_DEPTH_MAX = 32 };

enum json_type {
    JSON_NOTHING, /* an error, or the end of the text */
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT,
};

struct json_read {
    const char *text; /* the caller's, while it is read */
    size_t size;
    size_t at; /* the next byte */
    unsigned depth;
    size_t key_at;     /* where the key that was read last begins */
    bool is_first;     /* nothing came yet in this list or object */
    const char *error; /* what is wrong, or NULL */
    size_t error_at;   /* and where: a byte, or 'size' */
};

/* A part of the text. */
struct json_span {
    const char *start;
    size_t length;
};

/* U+FEFF at the start, which some editors write, is passed over. */
void json_read_init(struct json_read *read, const char *text, size_t size);

/* Of the value that comes next. */
enum json_type json_read_type(struct json_read *read);

/* Enter an object or a list. */
bool json_read_object(struct json_read *read);
bool json_read_array(struct json_read *read);

/*
 * The key of the next member, decoded, of less than 'size' bytes; then comes
 * its value. 'key' may be NULL. False at the end of the object, which is left.
 */
bool json_read_key(struct json_read *read, char *key, size_t size);

/* Whether another element comes. False at the end of the list, which is left.
 */
bool json_read_item(struct json_read *read);

/* Scalars. A number is left as text, which strtod() takes. */
bool json_read_string(struct json_read *read, char *text, size_t size);
bool json_read_number(struct json_read *read, struct json_span *number);
bool json_read_bool(struct json_read *read, bool *value);

/* Any value, whole: its text, checked as everything is. */
bool json_read_skip(struct json_read *read, struct json_span *value);

/* The same text on one line, with a blank after each colon and comma. free()
 * it; NULL: no memory. */
char *json_span_flatten(const struct json_span *span);

/* Nothing but blanks follows the last value. */
F4E_MUST_CHECK bool json_read_end(struct json_read *read);

/* What was read last is wrong, at 'at', a value of read->at. Always false. */
bool json_read_fail(struct json_read *read, size_t at, const char *error);

/* Where the next value begins. */
size_t json_read_place(struct json_read *read);

/* Line and character, from 1, of the error. */
void json_read_locate(const struct json_read *read, unsigned *line,
                      unsigned *column);

#endif
