/* SPDX-License-Identifier: MIT */
#include "channel/unescape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { REPLACEMENT = 0xfffd };

/* Four hexadecimal digits at '*at', which moves behind them. */
static bool read_hex(const char **at, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++, ++*at) {
        char digit = **at;
        if (digit >= '0' && digit <= '9') {
            *value = *value * 16 + (uint32_t)(digit - '0');
        } else if (digit >= 'a' && digit <= 'f') {
            *value = *value * 16 + (uint32_t)(digit - 'a') + 10;
        } else if (digit >= 'A' && digit <= 'F') {
            *value = *value * 16 + (uint32_t)(digit - 'A') + 10;
        } else {
            return false;
        }
    }
    return true;
}

static char *put_utf8(char *to, uint32_t point)
{
    if (point < 0x80) {
        *to++ = (char)point;
        return to;
    }
    int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    *to++ = (char)((0xff00U >> (more + 1) & 0xffU) | (point >> (6 * more)));
    while (more-- > 0) {
        *to++ = (char)(0x80U | ((point >> (6 * more)) & 0x3fU));
    }
    return to;
}

/* What follows "\u", of one or two units of UTF-16. */
static bool read_point(const char **at, uint32_t *point)
{
    uint32_t second = 0;
    if (!read_hex(at, point)) {
        return false;
    }
    if (*point >= 0xd800 && *point < 0xdc00 && strncmp(*at, "\\u", 2) == 0) {
        const char *next = *at + 2;
        if (read_hex(&next, &second) && second >= 0xdc00 && second < 0xe000) {
            *point = 0x10000 + ((*point - 0xd800) << 10) + (second - 0xdc00);
            *at = next;
        }
    }
    if (*point == 0 || (*point >= 0xd800 && *point < 0xe000)) {
        *point = REPLACEMENT;
    }
    return true;
}

/* The character after a backslash. */
static bool read_escape(const char **at, uint32_t *point)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    char letter = **at;
    const char *found = letter != '\0' ? strchr(letters, letter) : NULL;
    if (letter == 'u') {
        ++*at;
        return read_point(at, point);
    }
    if (found == NULL) {
        return false;
    }
    ++*at;
    *point = (uint32_t)meanings[found - letters];
    return true;
}

char *unescape_member(const char *line, const char *name)
{
    char key[32];
    (void)snprintf(key, sizeof(key), ",\"%s\":\"", name);
    /* A quote inside a string has a backslash in front of it, so this is none
     * inside a string. */
    const char *at = strstr(line, key);
    char *text = at != NULL ? malloc(strlen(at)) : NULL;
    char *to = text;
    if (text == NULL) {
        return NULL;
    }
    bool is_good = true;
    for (at += strlen(key); is_good && *at != '"' && *at != '\0';) {
        uint32_t point = REPLACEMENT;
        if (*at != '\\') {
            *to++ = *at++;
            continue;
        }
        at++;
        is_good = read_escape(&at, &point);
        to = put_utf8(to, point);
    }
    if (!is_good || *at != '"') {
        free(text);
        return NULL;
    }
    *to = '\0';
    return text;
}
