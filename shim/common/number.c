/* SPDX-License-Identifier: MIT */
#include "common/number.h"

#include <ctype.h>
#include <errno.h>
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

bool number_real(const char *text, const char *end, double *value)
{
    char *stop;
    *value = strtod(text, &stop);
    return stop == end && stop != text && !isspace((unsigned char)*text);
}
