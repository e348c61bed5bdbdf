/* SPDX-License-Identifier: MIT */
#include "control/element.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct type {
    const char *name;
    unsigned bytes;
    bool is_float;
    int64_t least;
    int64_t most;
} types[] = {
    [F4E_I8] = {"int8", 1, false, INT8_MIN, INT8_MAX},
    [F4E_U8] = {"int8u", 1, false, 0, UINT8_MAX},
    [F4E_I16] = {"int16", 2, false, INT16_MIN, INT16_MAX},
    [F4E_U16] = {"int16u", 2, false, 0, UINT16_MAX},
    [F4E_I32] = {"int", 4, false, INT32_MIN, INT32_MAX},
    [F4E_F32] = {"float", 4, true, 0, 0},
    [F4E_F64] = {"float64", 8, true, 0, 0},
};

unsigned value_bytes(enum f4e_element element)
{
    return types[element].bytes;
}

const char *value_type(enum f4e_element element)
{
    return types[element].name;
}

bool value_is_float(enum f4e_element element)
{
    return types[element].is_float;
}

/* Digits of one base after an optional sign: 16 after 0x, 2 after 0b. */
static bool parse_integer(const char *word, int64_t *value, bool *is_bits)
{
    bool is_negative = *word == '-';
    const char *digits = word + (*word == '-' || *word == '+');
    int base = 10;
    int letter = digits[0] == '0' ? digits[1] | 0x20 : ' ';
    if (letter == 'x' || letter == 'b') {
        base = letter == 'x' ? 16 : 2;
        digits += 2;
        *is_bits = true;
    }
    const char *allowed = base == 16   ? "0123456789abcdefABCDEF"
                          : base == 10 ? "0123456789"
                                       : "01";
    char *end;
    if (*digits == '\0' || digits[strspn(digits, allowed)] != '\0') {
        return false;
    }
    errno = 0;
    *value = strtoll(digits, &end, base);
    *value = is_negative ? -*value : *value;
    if (errno != 0) {
        *value = is_negative ? INT64_MIN : INT64_MAX; /* out of every range */
    }
    return true;
}

static bool parse_whole(const struct type *type, bool is_bits, const char *word,
                        uint8_t *bytes, struct failure *failure)
{
    int64_t value = 0;
    if (!parse_integer(word, &value, &is_bits)) {
        return failure_set(failure, STATUS_USAGE,
                           "'%s' is not a whole number; %s takes %" PRId64
                           " to %" PRId64,
                           word, type->name, type->least, type->most);
    }
    int64_t half = (int64_t)1 << (8 * type->bytes - 1);
    int64_t least = is_bits ? -half : type->least;
    int64_t most = is_bits ? 2 * half - 1 : type->most;
    if (value < least || value > most) {
        return failure_set(failure, STATUS_USAGE,
                           "%s is out of the range of %s, %" PRId64
                           " to %" PRId64,
                           word, type->name, least, most);
    }
    memcpy(bytes, &value, type->bytes);
    return true;
}

static bool parse_float(const struct type *type, const char *word,
                        uint8_t *bytes, struct failure *failure)
{
    bool is_single = type->bytes == sizeof(float);
    char *end;
    int64_t integer = 0;
    bool is_bits = false;
    errno = 0;
    double number = strtod(word, &end);
    bool is_good = end != word && *end == '\0' && !strchr(" \t\n", *word);
    bool is_binary = !is_good && parse_integer(word, &integer, &is_bits);
    if (!is_good && !is_binary) {
        return failure_set(failure, STATUS_USAGE, "'%s' is not a number", word);
    }
    number = is_binary ? (double)integer : number;
    /* Rounded once, not through a double. */
    float single = is_binary ? (float)integer : strtof(word, &end);
    if (isinf(is_single ? (double)single : number) &&
        (is_binary || strpbrk(word, "iI") == NULL)) {
        return failure_set(
            failure, STATUS_USAGE, "%s is out of the range of %s, %s to %s",
            word, type->name,
            is_single ? "-3.4028235e+38" : "-1.7976931348623157e+308",
            is_single ? "3.4028235e+38" : "1.7976931348623157e+308");
    }
    memcpy(bytes, is_single ? (const void *)&single : &number, type->bytes);
    return true;
}

bool value_parse(enum f4e_element element, bool is_bits, const char *word,
                 uint8_t *bytes, struct failure *failure)
{
    const struct type *type = &types[element];
    return type->is_float ? parse_float(type, word, bytes, failure)
                          : parse_whole(type, is_bits, word, bytes, failure);
}

void value_encode(enum f4e_element element, double number, uint8_t *bytes)
{
    float single = (float)number;
    if (element == F4E_F32) {
        memcpy(bytes, &single, sizeof single);
    } else if (element == F4E_F64) {
        memcpy(bytes, &number, sizeof number);
    } else {
        int64_t whole =
            isfinite(number) ? (int64_t)fmod(number, 4294967296.0) : 0;
        memcpy(bytes, &whole, types[element].bytes);
    }
}

static int64_t decode_whole(enum f4e_element element, const uint8_t *bytes)
{
    const struct type *type = &types[element];
    uint64_t raw = 0;
    memcpy(&raw, bytes, type->bytes);
    int64_t span = (int64_t)1 << 8 * type->bytes;
    int64_t value = (int64_t)raw;
    return value > type->most ? value - span : value;
}

double value_decode(enum f4e_element element, const uint8_t *bytes)
{
    float single;
    double number;
    if (element == F4E_F32) {
        memcpy(&single, bytes, sizeof single);
        return (double)single;
    }
    if (element == F4E_F64) {
        memcpy(&number, bytes, sizeof number);
        return number;
    }
    return (double)decode_whole(element, bytes);
}

void value_format(enum f4e_element element, const uint8_t *bytes,
                  char text[VALUE_TEXT_MAX])
{
    if (!types[element].is_float) {
        (void)snprintf(text, VALUE_TEXT_MAX, "%" PRId64,
                       decode_whole(element, bytes));
        return;
    }
    double number = value_decode(element, bytes);
    if (!isfinite(number)) {
        (void)snprintf(text, VALUE_TEXT_MAX, "%s",
                       isnan(number)  ? "nan"
                       : number < 0.0 ? "-inf"
                                      : "inf");
        return;
    }
    /* 100 is not 1e+02. */
    double size = fabs(number);
    int digits = size >= 10.0 && size < 1e15 ? (int)log10(size) : 1;
    bool is_same = false;
    for (; !is_same && digits <= 17; ++digits) {
        (void)snprintf(text, VALUE_TEXT_MAX, "%.*g", digits, number);
        is_same = element == F4E_F32 ? strtof(text, NULL) == (float)number
                                     : strtod(text, NULL) == number;
        is_same = is_same &&
                  (size >= 1e15 || size < 1.0 || strchr(text, 'e') == NULL);
    }
}

void value_format_json(enum f4e_element element, const uint8_t *bytes,
                       char text[VALUE_TEXT_MAX])
{
    value_format(element, bytes, text);
    size_t length = strlen(text);
    if (strpbrk(text, "in") != NULL) {
        memmove(text + 1, text, length);
        text[0] = '"';
        text[length + 1] = '"';
        text[length + 2] = '\0';
    }
}

/* The bytes of an aligned element in one load each. */
#define LOAD(type, at) __atomic_load_n((const type *)(at), __ATOMIC_RELAXED)

void value_peek(enum f4e_element element, const uint8_t *at, uint8_t *bytes)
{
    unsigned size = types[element].bytes;
    const void *place = at;
    if (size == 1 || (uintptr_t)at % size != 0) {
        for (unsigned i = 0; i < size; ++i) {
            bytes[i] = LOAD(uint8_t, at + i);
        }
    } else if (size == 2) {
        uint16_t half = LOAD(uint16_t, place);
        memcpy(bytes, &half, sizeof half);
    } else if (size == 4) {
        uint32_t word = LOAD(uint32_t, place);
        memcpy(bytes, &word, sizeof word);
    } else {
        uint64_t both = LOAD(uint64_t, place);
        memcpy(bytes, &both, sizeof both);
    }
}
