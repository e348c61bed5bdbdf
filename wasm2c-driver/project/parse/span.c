/* SPDX-License-Identifier: MIT */
#include "project/parse/span.h"

#include "base/buf.h"
#include "base/strict_number.h"
#include "base/utf8.h"

struct span span_of(const char *text)
{
    return (struct span){text, strlen(text)};
}

bool span_equals(struct span span, const char *text)
{
    return span_same(span, span_of(text));
}

bool span_same(struct span a, struct span b)
{
    return a.length == b.length &&
           (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

bool span_starts(struct span span, const char *prefix)
{
    size_t length = strlen(prefix);
    return span.length >= length && memcmp(span.bytes, prefix, length) == 0;
}

bool span_ends(struct span span, const char *suffix)
{
    size_t length = strlen(suffix);
    return span.length >= length &&
           memcmp(span.bytes + span.length - length, suffix, length) == 0;
}

bool span_has(struct span span, const char *characters)
{
    for (size_t i = 0; i < span.length; i++) {
        if (strchr(characters, span.bytes[i]) != NULL) {
            return true;
        }
    }
    return false;
}

size_t span_wide_blank(struct span span)
{
    /* All but the one-byte ones; U+2000 to U+200A are a range. */
    static const char *const wide[] = {
        "\xc2\xa0",     "\xe1\x9a\x80", "\xe2\x80\xa8", "\xe2\x80\xa9",
        "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++) {
        if (span_starts(span, wide[i])) {
            return strlen(wide[i]);
        }
    }
    return span.length >= 3 && span_starts(span, "\xe2\x80") &&
                   (unsigned char)span.bytes[2] <= 0x8a
               ? 3
               : 0;
}

struct span span_trim_left(struct span span)
{
    for (size_t blank = 0; (blank = span_blank(span)) > 0;) {
        span = span_from(span, blank);
    }
    return span;
}

static size_t last_character(struct span span)
{
    size_t at = span.length - 1;
    while (at > 0 && ((unsigned char)span.bytes[at] & 0xc0U) == 0x80) {
        at--;
    }
    return at;
}

struct span span_trim(struct span span)
{
    span = span_trim_left(span);
    while (span.length > 0) {
        size_t last = last_character(span);
        if (span_blank(span_from(span, last)) == 0) {
            break;
        }
        span.length = last;
    }
    return span;
}

struct span span_word(struct span *rest)
{
    struct span start = span_trim_left(*rest);
    struct span end = start;
    while (end.length > 0 && span_blank(end) == 0) {
        end = span_from(end, 1);
    }
    *rest = end;
    return span_first(start, start.length - end.length);
}

bool span_has_line_end(struct span span)
{
    for (size_t i = 0; i < span.length; i++) {
        struct span rest = span_from(span, i);
        if (rest.bytes[0] == '\r' || span_starts(rest, "\xe2\x80\xa8") ||
            span_starts(rest, "\xe2\x80\xa9")) {
            return true;
        }
    }
    return false;
}

/*
 * Bytes of the character that 'at' starts. When it is none: '*is_good' is
 * false, and they are as many as a decoder takes for one mistake, the longest
 * start of a character (at least a byte).
 */
static size_t decode(const unsigned char *at, size_t left, bool *is_good)
{
    size_t length = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    *is_good = at[0] < 0x80 || (at[0] >= 0xc2 && at[0] <= 0xf4);
    if (!*is_good) {
        return 1;
    }
    /* The second byte: no overlong forms, no surrogates, none above U+10FFFF.
     */
    unsigned lowest = at[0] == 0xe0 ? 0xa0 : at[0] == 0xf0 ? 0x90 : 0x80;
    unsigned highest = at[0] == 0xed ? 0x9f : at[0] == 0xf4 ? 0x8f : 0xbf;
    for (size_t i = 1; i < length; i++) {
        *is_good = i < left && at[i] >= lowest && at[i] <= highest;
        if (!*is_good) {
            return i;
        }
        lowest = 0x80;
        highest = 0xbf;
    }
    return length;
}

struct span span_decode(struct span span, struct arena *arena)
{
    static const char replacement[] = "\xef\xbf\xbd";
    const unsigned char *bytes = (const unsigned char *)span.bytes;
    size_t mistakes = 0;
    bool is_good = true;
    for (size_t i = 0; i < span.length;) {
        i += decode(bytes + i, span.length - i, &is_good);
        mistakes += !is_good;
    }
    if (mistakes == 0) {
        return span;
    }
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < span.length;) {
        size_t length = decode(bytes + i, span.length - i, &is_good);
        if (is_good) {
            buf_add(&text, bytes + i, length);
        } else {
            buf_text(&text, replacement);
        }
        i += length;
    }
    return (struct span){buf_string(&text), text.length};
}

int span_compare_utf16(struct span a, struct span b)
{
    size_t shared = a.length < b.length ? a.length : b.length;
    for (size_t i = 0; i < shared; i++) {
        unsigned x = (unsigned char)a.bytes[i];
        unsigned y = (unsigned char)b.bytes[i];
        if (x != y) {
            /* Characters of four bytes are surrogates in UTF-16: below U+E000,
             * whose first byte is 0xee. */
            bool x_is_pair = x >= 0xf0;
            bool y_is_pair = y >= 0xf0;
            if (x_is_pair != y_is_pair && x >= 0xee && y >= 0xee) {
                return x_is_pair ? -1 : 1;
            }
            return x < y ? -1 : 1;
        }
    }
    return (a.length > b.length) - (a.length < b.length);
}

char *span_copy(struct span span, struct arena *arena)
{
    return arena_copy(arena, span.bytes, span.length);
}

const char *span_print(struct span span, struct arena *arena)
{
    return utf8_print((const uint8_t *)span.bytes, span.length, arena);
}

bool span_index(struct span span, uint32_t *index)
{
    uint64_t value = 0;
    if ((span.length > 1 && span.bytes[0] == '0') ||
        !strict_number_u64(span.bytes, span.length, 10, UINT32_MAX - 1,
                           &value)) {
        return false;
    }
    *index = (uint32_t)value;
    return true;
}
