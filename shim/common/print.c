/* SPDX-License-Identifier: MIT */
#include "common/print.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { INVALID = 0xfffd };

/*
 * The code point at '*text', which moves on; INVALID, one byte on, for what is
 * not UTF-8 (overlong forms and surrogates included).
 */
static uint32_t next_code_point(const unsigned char **text)
{
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = *text;
    unsigned more = *at < 0x80             ? 0
                    : (*at & 0xe0) == 0xc0 ? 1
                    : (*at & 0xf0) == 0xe0 ? 2
                    : (*at & 0xf8) == 0xf0 ? 3
                                           : 4;
    *text = at + 1;
    if (more == 4) {
        return INVALID;
    }
    uint32_t point = more == 0 ? *at : *at & (0x3fU >> more);
    for (unsigned i = 1; i <= more; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return INVALID;
        }
        point = point << 6 | (at[i] & 0x3fU);
    }
    if (point < least[more] || point > 0x10ffff ||
        (point >= 0xd800 && point < 0xe000)) {
        return INVALID;
    }
    *text = at + 1 + more;
    return point;
}

/* Controls, and marks that reorder or hide what stands around them. */
static bool is_hidden(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           point == INVALID;
}

void print_name(const char *name, FILE *file)
{
    const unsigned char *at = (const unsigned char *)name;
    while (*at != '\0') {
        const unsigned char *start = at;
        bool is_escaped = is_hidden(next_code_point(&at));
        for (; start < at; start++) {
            (void)fprintf(file, is_escaped ? "\\x%02x" : "%c", *start);
        }
    }
}

bool print_is_utf8(const char *name)
{
    const unsigned char *at = (const unsigned char *)name;
    while (*at != '\0') {
        if (next_code_point(&at) == INVALID) {
            return false;
        }
    }
    return true;
}

bool print_is_plain(const char *name)
{
    const unsigned char *at = (const unsigned char *)name;
    while (*at != '\0') {
        if (is_hidden(next_code_point(&at))) {
            return false;
        }
    }
    return true;
}

/* Letters of East Asia and pictures take two columns, marks on letters none. */
static int columns_of(uint32_t point)
{
    static const struct {
        uint32_t first, last;
        int columns;
    } ranges[] = {
        {0x300, 0x36f, 0},     {0x1100, 0x115f, 2},   {0x20d0, 0x20ff, 0},
        {0x2e80, 0x303e, 2},   {0x3041, 0xa4cf, 2},   {0xac00, 0xd7a3, 2},
        {0xf900, 0xfaff, 2},   {0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
        {0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},   {0x1f300, 0x1f64f, 2},
        {0x1f900, 0x1f9ff, 2}, {0x20000, 0x3fffd, 2},
    };
    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
        if (point >= ranges[i].first && point <= ranges[i].last) {
            return ranges[i].columns;
        }
    }
    return 1;
}

int print_name_columns(const char *name)
{
    enum { ESCAPED = 4 };
    const unsigned char *at = (const unsigned char *)name;
    int columns = 0;
    while (*at != '\0') {
        const unsigned char *start = at;
        uint32_t point = next_code_point(&at);
        columns +=
            is_hidden(point) ? ESCAPED * (int)(at - start) : columns_of(point);
    }
    return columns;
}

void print_json_string(const char *text, FILE *file)
{
    const unsigned char *at = (const unsigned char *)text;
    (void)fputc('"', file);
    while (*at != '\0') {
        uint32_t point = next_code_point(&at);
        if (point == '"' || point == '\\') {
            (void)fprintf(file, "\\%c", (int)point);
        } else if (point >= 0x20 && point < 0x7f) {
            (void)fputc((int)point, file);
        } else if (point < 0x10000) {
            (void)fprintf(file, "\\u%04" PRIx32, point);
        } else {
            (void)fprintf(file, "\\u%04" PRIx32 "\\u%04" PRIx32,
                          0xd800 + ((point - 0x10000) >> 10),
                          0xdc00 + (point & 0x3ff));
        }
    }
    (void)fputc('"', file);
}
