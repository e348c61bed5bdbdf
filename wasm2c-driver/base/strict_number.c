/* SPDX-License-Identifier: MIT */
#include "base/strict_number.h"

/* The value of a digit; 16: not one. */
static unsigned digit_value(char c)
{
    return c >= '0' && c <= '9'   ? (unsigned)(c - '0')
           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
           : c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10
                                  : 16;
}

bool strict_number_u64(const char *text, size_t length, unsigned base,
                       uint64_t max, uint64_t *number)
{
    uint64_t value = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned digit = digit_value(text[i]);
        if (digit >= base || digit > max || value > (max - digit) / base) {
            return false;
        }
        value = value * base + digit;
    }
    if (length > 0) {
        *number = value;
    }
    return length > 0;
}

bool strict_number_u32(const char *text, size_t length, uint32_t max,
                       uint32_t *number)
{
    bool is_hex = length >= 2 && text[0] == '0' && (text[1] | 0x20) == 'x';
    size_t prefix = is_hex ? 2 : 0;
    uint64_t value = 0;
    if (!strict_number_u64(text + prefix, length - prefix, is_hex ? 16 : 10,
                           max, &value)) {
        return false;
    }
    *number = (uint32_t)value;
    return true;
}
