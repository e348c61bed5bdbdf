/* SPDX-License-Identifier: MIT */
/* Declared in config/json_read.h; the rest of it allocates nothing. */
#include "config/json_read.h"

#include <stdlib.h>
#include <string.h>

char *json_span_flatten(const struct json_span *span)
{
    char *text = malloc(2 * span->length + 1);
    size_t used = 0;
    bool is_string = false;
    for (size_t i = 0; text != NULL && i < span->length; i++) {
        const char byte = span->start[i];
        if (!is_string && strchr(" \t\r\n", byte) != NULL) {
            continue;
        }
        text[used++] = byte;
        if (is_string && byte == '\\') {
            text[used++] = span->start[++i]; /* no string ends with one */
        } else if (byte == '"') {
            is_string = !is_string;
        } else if (!is_string && (byte == ':' || byte == ',')) {
            text[used++] = ' ';
        }
    }
    if (text != NULL) {
        text[used] = '\0';
    }
    return text;
}
