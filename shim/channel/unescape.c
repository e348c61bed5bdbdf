/* SPDX-License-Identifier: MIT */
#include "channel/unescape.h"

#include "config/json_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *unescape_member(const char *line, const char *name)
{
    char key[32];
    struct json_read read;
    int length = snprintf(key, sizeof(key), ",\"%s\":\"", name);
    /* A quote inside a string has a backslash in front of it, so this is none
     * inside a string. */
    const char *at = strstr(line, key);
    if (at == NULL) {
        return NULL;
    }
    at += length - 1;
    const size_t size = strlen(at);
    char *text = malloc(size);
    json_read_init(&read, at, size);
    if (text != NULL && !json_read_string(&read, text, size)) {
        free(text);
        return NULL;
    }
    return text;
}
