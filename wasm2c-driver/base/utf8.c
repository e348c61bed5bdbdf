/* SPDX-License-Identifier: MIT */
#include "base/utf8.h"

#include "base/buf.h"

size_t utf8_sequence(const uint8_t *bytes, size_t left)
{
    static const struct {
        uint8_t first;
        uint8_t last;
        uint8_t length;
        uint8_t second_low;
        uint8_t second_high;
    } forms[] = {
        {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf},
        {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
        {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
        {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
        {0xf4, 0xf4, 4, 0x80, 0x8f},
    };
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (bytes[0] < forms[i].first || bytes[0] > forms[i].last) {
            continue;
        }
        size_t length = forms[i].length;
        if (length > left) {
            return 0;
        }
        if (length > 1 && (bytes[1] < forms[i].second_low ||
                           bytes[1] > forms[i].second_high)) {
            return 0;
        }
        for (size_t k = 2; k < length; k++) {
            if ((bytes[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return length;
    }
    return 0;
}

bool utf8_is_valid(const uint8_t *bytes, size_t length)
{
    for (size_t i = 0; i < length;) {
        size_t used = utf8_sequence(bytes + i, length - i);
        if (used == 0) {
            return false;
        }
        i += used;
    }
    return true;
}

/* Whether a message shows the 'length' bytes of a character as \xNN: C0 and C1
 * controls, line separators, bidirectional controls. */
static bool is_escaped(const uint8_t *bytes, size_t length)
{
    switch (length) {
    case 1:
        return bytes[0] < 0x20 || bytes[0] == 0x7f;
    case 2:
        return bytes[0] == 0xc2 && bytes[1] < 0xa0;
    case 3:
        return bytes[0] == 0xe2 &&
               ((bytes[1] == 0x80 && bytes[2] >= 0xa8 && bytes[2] <= 0xae) ||
                (bytes[1] == 0x81 && bytes[2] >= 0xa6 && bytes[2] <= 0xa9));
    default:
        return length == 0;
    }
}

static bool is_delimiter(uint8_t byte)
{
    return byte == '\'' || byte == '"' || byte == '\\';
}

/* 'is_name': what delimits a name is escaped as well; else tabs are kept. */
static const char *print(const uint8_t *bytes, size_t size, size_t limit,
                         bool is_name, struct arena *arena)
{
    struct buf text;
    buf_init(&text, arena);
    for (size_t i = 0; i < size;) {
        size_t sequence = utf8_sequence(bytes + i, size - i);
        size_t length = sequence > 0 ? sequence : 1;
        if (i + length > limit) {
            buf_text(&text, "…");
            break;
        }
        if (is_name ? is_escaped(bytes + i, sequence) || is_delimiter(bytes[i])
                    : is_escaped(bytes + i, sequence) && bytes[i] != '\t') {
            for (size_t k = 0; k < length; k++) {
                buf_format(&text, "\\x%02X", bytes[i + k]);
            }
        } else {
            buf_add(&text, bytes + i, length);
        }
        i += length;
    }
    return buf_string(&text);
}

const char *utf8_print(const uint8_t *bytes, size_t size, struct arena *arena)
{
    enum { NAME_BYTES = 80 };
    return print(bytes, size, NAME_BYTES, true, arena);
}

const char *utf8_print_line(const uint8_t *bytes, size_t size,
                            struct arena *arena)
{
    enum { LINE_BYTES = 500 };
    return print(bytes, size, LINE_BYTES, false, arena);
}

const char *utf8_print_text(const char *text, struct arena *arena)
{
    return text == NULL
               ? ""
               : utf8_print((const uint8_t *)text, strlen(text), arena);
}
