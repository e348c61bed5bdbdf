/* SPDX-License-Identifier: MIT */
#include "common/number.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool number_whole(const char *text, const char *end, unsigned bases,
                  uint64_t *value)
{
    int letter = text[0] == '0' ? text[1] | 0x20 : '\0';
    bool is_hex = letter == 'x' && (bases & NUMBER_HEX) != 0;
    bool is_binary = letter == 'b' && (bases & NUMBER_BINARY) != 0;
    const char *digits = text + (is_hex || is_binary ? 2 : 0);
    size_t length = strspn(digits, is_hex      ? "0123456789abcdefABCDEF"
                                   : is_binary ? "01"
                                               : "0123456789");
    *value = 0;
    if (length == 0 || digits + length != end) {
        return false;
    }
    errno = 0;
    *value = strtoull(digits, NULL, is_hex ? 16 : is_binary ? 2 : 10);
    return errno == 0;
}

bool number_in_range(const char *text, unsigned bases, uint64_t least,
                     uint64_t most, uint64_t *value)
{
    return number_whole(text, text + strlen(text), bases, value) &&
           *value >= least && *value <= most;
}

enum { HERE_BYTES = 512 };

/*
 * The text as strtod() takes it in this locale, and '*end' of it: as it is, or
 * in 'here' with another point. NULL when it is no number in any other.
 */
static const char *as_here(const char *text, const char **end,
                           char here[HERE_BYTES])
{
    const char *point = localeconv()->decimal_point;
    size_t length = (size_t)(*end - text);
    size_t size = strlen(point);
    if (strcmp(point, ".") == 0) {
        return text;
    }
    if (length + size >= HERE_BYTES) {
        return NULL;
    }
    const char *dot = memchr(text, '.', length);
    size_t before = dot != NULL ? (size_t)(dot - text) : length;
    size_t behind = dot != NULL ? length - before - 1 : 0;
    (void)snprintf(here, HERE_BYTES, "%.*s", (int)length, text);
    if (size == 0 || strstr(here, point) != NULL) {
        return NULL;
    }
    (void)snprintf(here, HERE_BYTES, "%.*s%s%.*s", (int)before, text,
                   dot != NULL ? point : "", (int)behind,
                   text + length - behind);
    *end = here + strlen(here);
    return here;
}

bool number_real(const char *text, const char *end, double *value)
{
    char here[HERE_BYTES];
    const char *start = as_here(text, &end, here);
    char *stop = NULL;
    *value = start != NULL ? strtod(start, &stop) : 0.0;
    return start != NULL && stop == end && stop != start &&
           !isspace((unsigned char)*start);
}

bool number_single(const char *text, const char *end, float *value)
{
    char here[HERE_BYTES];
    const char *start = as_here(text, &end, here);
    char *stop = NULL;
    *value = start != NULL ? strtof(start, &stop) : 0.0F;
    return start != NULL && stop == end && stop != start &&
           !isspace((unsigned char)*start);
}

void number_set_point(char *text)
{
    const char *point = localeconv()->decimal_point;
    size_t size = strlen(point);
    char *at = size > 0 ? strstr(text, point) : NULL;
    if (at != NULL && strcmp(point, ".") != 0) {
        *at = '.';
        memmove(at + 1, at + size, strlen(at + size) + 1);
    }
}
