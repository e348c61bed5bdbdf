/* SPDX-License-Identifier: MIT */
#include "project/parse/span.h"

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

/* Bytes of the character that 'at' starts, 0 when it is none. */
static size_t utf8_length(const unsigned char *at, size_t left)
{
    if (at[0] < 0x80) {
        return 1;
    }
    size_t length = at[0] >= 0xf0 ? 4 : at[0] >= 0xe0 ? 3 : 2;
    if (at[0] < 0xc2 || at[0] > 0xf4 || length > left) {
        return 0;
    }
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xc0U) != 0x80) {
            return 0;
        }
    }
    bool is_bad = (at[0] == 0xe0 && at[1] < 0xa0) || /* overlong */
                  (at[0] == 0xed && at[1] > 0x9f) || /* surrogate */
                  (at[0] == 0xf0 && at[1] < 0x90) || /* overlong */
                  (at[0] == 0xf4 && at[1] > 0x8f);   /* above U+10FFFF */
    return is_bad ? 0 : length;
}

size_t span_find_bad_utf8(struct span span)
{
    const unsigned char *bytes = (const unsigned char *)span.bytes;
    for (size_t i = 0; i < span.length;) {
        size_t length = utf8_length(bytes + i, span.length - i);
        if (length == 0) {
            return i;
        }
        i += length;
    }
    return SIZE_MAX;
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
