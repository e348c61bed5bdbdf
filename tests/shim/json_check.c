/* SPDX-License-Identifier: MIT */
#include "json_check.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_value(const char **at);

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " \t\n\r");
}

static bool read_string(const char **at)
{
    if (*(*at)++ != '"') {
        return false;
    }
    while (**at != '"') {
        if ((unsigned char)**at < 0x20 || (unsigned char)**at > 0x7e) {
            return false;
        }
        *at += **at == '\\' ? 2 : 1;
    }
    ++*at;
    return true;
}

static bool read_number(const char **at)
{
    size_t length = strspn(*at, "-+.0123456789eE");
    char *end;
    (void)strtod(*at, &end);
    bool is_good =
        length > 0 && end == *at + length && **at != '+' && **at != '.';
    *at = end;
    return is_good;
}

static bool read_list(const char **at, bool is_object)
{
    const char close = is_object ? '}' : ']';
    ++*at;
    skip_blanks(at);
    if (**at == close) {
        ++*at;
        return true;
    }
    for (;;) {
        skip_blanks(at);
        if (is_object) {
            if (!read_string(at)) {
                return false;
            }
            skip_blanks(at);
            if (*(*at)++ != ':') {
                return false;
            }
        }
        if (!read_value(at)) {
            return false;
        }
        skip_blanks(at);
        char next = *(*at)++;
        if (next == close) {
            return true;
        }
        if (next != ',') {
            --*at;
            return false;
        }
    }
}

static bool read_value(const char **at)
{
    static const char *const words[] = {"true", "false", "null"};
    skip_blanks(at);
    if (**at == '{' || **at == '[') {
        return read_list(at, **at == '{');
    }
    if (**at == '"') {
        return read_string(at);
    }
    for (int i = 0; i < 3; i++) {
        size_t length = strlen(words[i]);
        if (strncmp(*at, words[i], length) == 0) {
            *at += length;
            return true;
        }
    }
    return read_number(at);
}

const char *json_check(const char *text)
{
    const char *at = text;
    if (!read_value(&at)) {
        return at;
    }
    skip_blanks(&at);
    return *at == '\0' ? NULL : at;
}

double json_number(const char *text, const char *name)
{
    char key[64];
    (void)snprintf(key, sizeof(key), "\"%s\": ", name);
    const char *at = strstr(text, key);
    return at != NULL ? strtod(at + strlen(key), NULL) : (double)NAN;
}

static double sum_ms(const char *text, const char *times)
{
    const char *at = strstr(text, times);
    return at != NULL
               ? json_number(at, "count") * json_number(at, "meanUs") * 1e-3
               : (double)NAN;
}

double json_disturbed_ms(const char *text)
{
    return sum_ms(text, "\"block\": {") + sum_ms(text, "\"late\": {") +
           json_number(text, "lostMs");
}
