/* SPDX-License-Identifier: MIT */
#include "control/element_text.h"

#include "common/element.h"
#include "common/number.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Digits after an optional sign; sets '*is_bits' after 0x and 0b. */
static bool parse_integer(const char *word, int64_t *value, bool *is_bits)
{
    bool is_negative = *word == '-';
    const char *digits = word + (*word == '-' || *word == '+');
    int letter = digits[0] == '0' ? digits[1] | 0x20 : ' ';
    uint64_t size = 0;
    if (!number_whole(digits, digits + strlen(digits),
                      NUMBER_HEX | NUMBER_BINARY, &size) &&
        size == 0) {
        return false;
    }
    *is_bits = *is_bits || letter == 'x' || letter == 'b';
    *value = is_negative ? -(int64_t)size : (int64_t)size;
    if (size > INT64_MAX) {
        *value = is_negative ? INT64_MIN : INT64_MAX; /* out of every range */
    }
    return true;
}

/* "5.0" and "1e3": a whole number, written as floats are. */
static bool parse_decimal(const char *word, int64_t *value)
{
    static const double most = 9e15; /* up to here all of them are exact */
    double number;
    if (word[strspn(word, "+-.0123456789eE")] != '\0' ||
        !number_real(word, word + strlen(word), &number) ||
        !(fabs(number) <= 1e300) || number != trunc(number)) {
        return false; /* nor are "0x1p3", "inf" and the like */
    }
    *value = number > most    ? INT64_MAX
             : number < -most ? INT64_MIN
                              : (int64_t)number;
    return true;
}

static bool parse_whole(enum f4e_element element, bool is_bits,
                        const char *word, uint8_t *bytes,
                        struct failure *failure)
{
    int64_t value = 0;
    int64_t least = (int64_t)element_least(element);
    int64_t most = (int64_t)element_most(element);
    unsigned size = element_bytes(element);
    if (!parse_integer(word, &value, &is_bits) &&
        !parse_decimal(word, &value)) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is not a whole number; %s takes %" PRId64
                           " to %" PRId64,
                           word, element_type(element), least, most);
    }
    int64_t half = (int64_t)1 << (8 * size - 1);
    least = is_bits ? -half : least;
    most = is_bits ? 2 * half - 1 : most;
    if (value < least || value > most) {
        return failure_set(failure, STATUS_USAGE,
                           "%s is out of the range of %s, %" PRId64
                           " to %" PRId64,
                           word, element_type(element), least, most);
    }
    memcpy(bytes, &value, size);
    return true;
}

static bool parse_float(enum f4e_element element, const char *word,
                        uint8_t *bytes, struct failure *failure)
{
    bool is_single = element == F4E_F32;
    int64_t integer = 0;
    bool is_bits = false;
    double number = 0.0;
    bool is_good = number_real(word, word + strlen(word), &number);
    bool is_binary = !is_good && parse_integer(word, &integer, &is_bits);
    if (!is_good && !is_binary) {
        return failure_set(failure, STATUS_USAGE, "'%s' is not a number", word);
    }
    number = is_binary ? (double)integer : number;
    /* Rounded once, not through a double. */
    float single = is_binary ? (float)integer : strtof(word, NULL);
    if (isinf(is_single ? (double)single : number) &&
        (is_binary || strpbrk(word, "iI") == NULL)) {
        return failure_set(
            failure, STATUS_USAGE, "%s is out of the range of %s, %s to %s",
            word, element_type(element),
            is_single ? "-3.4028235e+38" : "-1.7976931348623157e+308",
            is_single ? "3.4028235e+38" : "1.7976931348623157e+308");
    }
    memcpy(bytes, is_single ? (const void *)&single : &number,
           element_bytes(element));
    return true;
}

bool element_text_parse(enum f4e_element element, bool is_bits,
                        const char *word, uint8_t *bytes,
                        struct failure *failure)
{
    return element_is_float(element)
               ? parse_float(element, word, bytes, failure)
               : parse_whole(element, is_bits, word, bytes, failure);
}

void element_text_format(enum f4e_element element, const uint8_t *bytes,
                         char text[ELEMENT_TEXT_MAX])
{
    if (!element_is_float(element)) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%" PRId64,
                       (int64_t)element_decode(element, bytes));
        return;
    }
    double number = element_decode(element, bytes);
    if (!isfinite(number)) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%s",
                       isnan(number)  ? "nan"
                       : number < 0.0 ? "-inf"
                                      : "inf");
        return;
    }
    /* 100 is not 1e+02. */
    double size = fabs(number);
    int digits = size >= 10.0 && size < 1e15 ? (int)log10(size) : 1;
    bool is_same = false;
    for (; !is_same && digits <= 17; digits++) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%.*g", digits, number);
        is_same = element == F4E_F32 ? strtof(text, NULL) == (float)number
                                     : strtod(text, NULL) == number;
        is_same = is_same &&
                  (size >= 1e15 || size < 1.0 || strchr(text, 'e') == NULL);
    }
}

void element_text_format_json(enum f4e_element element, const uint8_t *bytes,
                              char text[ELEMENT_TEXT_MAX])
{
    element_text_format(element, bytes, text);
    size_t length = strlen(text);
    if (strpbrk(text, "in") != NULL) {
        memmove(text + 1, text, length);
        text[0] = '"';
        text[length + 1] = '"';
        text[length + 2] = '\0';
    }
}
