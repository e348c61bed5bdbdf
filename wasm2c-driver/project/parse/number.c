/* SPDX-License-Identifier: MIT */
#include "project/parse/number.h"

#include <float.h>
#include <math.h>

enum { DOUBLE_TEXT_BYTES = 64 };

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static size_t digits(struct span span, size_t at)
{
    size_t end = at;
    while (end < span.length && is_digit(span.bytes[end])) {
        end++;
    }
    return end;
}

/*
 * End of the decimal number at the start of 'span' without its sign, 0 if there
 * is none; '*is_integer' when it is digits alone.
 */
static size_t decimal_end(struct span span, bool *is_integer)
{
    size_t whole = digits(span, 0);
    size_t end = whole;
    if (end < span.length && span.bytes[end] == '.') {
        size_t fraction = digits(span, end + 1);
        if (whole == 0 && fraction == end + 1) {
            return 0;
        }
        end = fraction;
    } else if (whole == 0) {
        return 0;
    }
    if (end < span.length && (span.bytes[end] | 0x20) == 'e') {
        size_t sign = end + 1;
        if (sign < span.length &&
            (span.bytes[sign] == '-' || span.bytes[sign] == '+')) {
            sign++;
        }
        size_t exponent = digits(span, sign);
        end = exponent > sign ? exponent : end;
    }
    *is_integer = end == whole;
    return end;
}

/* 'span' is a decimal number as decimal_end() found it: plain ASCII. */
static double decimal_value(struct span span)
{
    char small[DOUBLE_TEXT_BYTES];
    char *text = span.length < sizeof(small) ? small : malloc(span.length + 1);
    if (text == NULL) {
        return (double)NAN; /* refused by every caller */
    }
    memcpy(text, span.bytes, span.length);
    text[span.length] = '\0';
    double value = strtod(text, NULL);
    if (text != small) {
        free(text);
    }
    return value;
}

static int digit_value(char byte)
{
    if (is_digit(byte)) {
        return byte - '0';
    }
    char lower = (char)(byte | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

/*
 * Digits of base 2^bits, rounded once: 64 bits hold the leading ones, and a
 * sticky bit stands for the rest.
 */
static bool binary_value(struct span span, int bits, double *value)
{
    uint64_t leading = 0;
    int dropped = 0; /* bits; more than a double's range is all the same */
    if (span.length == 0) {
        return false;
    }
    for (size_t i = 0; i < span.length; i++) {
        int digit = digit_value(span.bytes[i]);
        if (digit >= 1 << bits) {
            return false;
        }
        for (int bit = bits - 1; bit >= 0; bit--) {
            uint64_t one = (unsigned)digit >> (unsigned)bit & 1U;
            if (leading >> 63U == 0) {
                leading = leading << 1U | one;
            } else {
                leading |= one;
                dropped += dropped < DBL_MAX_EXP;
            }
        }
    }
    *value = ldexp((double)leading, dropped);
    return true;
}

static int base_bits(struct span span)
{
    if (span.length < 2 || span.bytes[0] != '0') {
        return 0;
    }
    switch (span.bytes[1] | 0x20) {
    case 'x':
        return 4;
    case 'o':
        return 3;
    case 'b':
        return 1;
    default:
        return 0;
    }
}

enum number_result number_literal(struct span span, struct number *number)
{
    bool is_negative = span.length > 0 && span.bytes[0] == '-';
    struct span rest = is_negative ? span_from(span, 1) : span;
    double value = 0;
    bool is_integer = true;
    int bits = base_bits(rest);
    if (bits > 0) {
        /* 8f4e knows 0x and 0b, in small letters. */
        if (bits == 3 || rest.bytes[1] < 'a' ||
            !binary_value(span_from(rest, 2), bits, &value)) {
            return NUMBER_NONE;
        }
    } else {
        size_t end = decimal_end(rest, &is_integer);
        struct span suffix = span_from(rest, end);
        if (end == 0 || (suffix.length > 0 && !span_equals(suffix, "f64"))) {
            return NUMBER_NONE;
        }
        is_integer = is_integer && suffix.length == 0;
        value = decimal_value(span_first(rest, end));
    }
    if (!isfinite(value)) {
        return NUMBER_TOO_LARGE;
    }
    *number = (struct number){is_negative ? -value : value, is_integer};
    return NUMBER_OK;
}

/* -1 or 1, and 'span' without its sign. */
static double cut_sign(struct span *span)
{
    bool is_negative = span->length > 0 && span->bytes[0] == '-';
    if (is_negative || (span->length > 0 && span->bytes[0] == '+')) {
        *span = span_from(*span, 1);
    }
    return is_negative ? -1 : 1;
}

bool number_js(struct span span, double *value)
{
    int bits = base_bits(span);
    if (bits > 0) {
        return binary_value(span_from(span, 2), bits, value);
    }
    double sign = cut_sign(&span);
    if (span_equals(span, "Infinity")) {
        *value = sign * (double)INFINITY;
        return true;
    }
    bool is_integer = false;
    size_t end = decimal_end(span, &is_integer);
    if (end == 0 || end != span.length) {
        return false;
    }
    *value = sign * decimal_value(span);
    return true;
}

bool number_prefix(struct span span, double *value)
{
    double sign = cut_sign(&span);
    if (span_starts(span, "Infinity")) {
        *value = sign * (double)INFINITY;
        return true;
    }
    bool is_integer = false;
    size_t end = decimal_end(span, &is_integer);
    if (end == 0) {
        return false;
    }
    *value = sign * decimal_value(span_first(span, end));
    return true;
}

bool number_integer_prefix(struct span span, double *value)
{
    double sign = cut_sign(&span);
    size_t end = digits(span, 0);
    if (end == 0) {
        return false;
    }
    *value = sign * decimal_value(span_first(span, end));
    return true;
}

/* JavaScript's ** differs from pow() where C gives 1 for an undefined case. */
static double power(double x, double y)
{
    if (isnan(y) || (fabs(x) == 1 && isinf(y))) {
        return (double)NAN;
    }
    return pow(x, y);
}

bool number_fold(struct number x, char operator, struct number y,
                 struct number *result)
{
    double value = 0;
    switch (operator) {
    case '+':
        value = x.value + y.value;
        break;
    case '-':
        value = x.value - y.value;
        break;
    case '*':
        value = x.value * y.value;
        break;
    case '/':
        if (y.value == 0) {
            return false;
        }
        value = x.value / y.value;
        break;
    default:
        value = power(x.value, y.value);
        break;
    }
    *result =
        (struct number){value, x.is_integer && y.is_integer &&
                                   isfinite(value) && value == trunc(value)};
    return true;
}

uint32_t number_wrap(double value)
{
    if (!isfinite(value)) {
        return 0;
    }
    double rest = fmod(trunc(value), 4294967296.0);
    return (uint32_t)(int64_t)rest;
}

/* Significant digits and decimal exponent (0.DIGITS x 10^exponent). */
static int shortest(double value, char decimal[24], int *exponent)
{
    char text[40];
    for (int precision = 0; precision < 17; precision++) {
        (void)snprintf(text, sizeof(text), "%.*e", precision, value);
        if (strtod(text, NULL) == value) {
            break;
        }
    }
    int count = 0;
    const char *at = text;
    for (; *at != 'e'; at++) {
        if (is_digit(*at)) {
            decimal[count++] = *at;
        }
    }
    *exponent = (int)strtol(at + 1, NULL, 10) + 1;
    while (count > 1 && decimal[count - 1] == '0') {
        count--;
    }
    return count;
}

const char *number_text(double value, struct arena *arena)
{
    if (isnan(value)) {
        return "NaN";
    }
    if (isinf(value)) {
        return value > 0 ? "Infinity" : "-Infinity";
    }
    if (value == 0) {
        return "0";
    }
    char decimal[24] = "";
    int point = 0;
    int count = shortest(fabs(value), decimal, &point);
    const char *sign = value < 0 ? "-" : "";
    if (point > 21 || point < -5) {
        int exponent = point - 1;
        return arena_format(arena, "%s%c%s%.*se%c%d", sign, decimal[0],
                            count > 1 ? "." : "", count - 1, decimal + 1,
                            exponent < 0 ? '-' : '+', abs(exponent));
    }
    if (point <= 0) {
        return arena_format(arena, "%s0.%.*s%.*s", sign, -point, "00000", count,
                            decimal);
    }
    if (count <= point) {
        return arena_format(arena, "%s%.*s%.*s", sign, count, decimal,
                            point - count, "000000000000000000000");
    }
    return arena_format(arena, "%s%.*s.%.*s", sign, point, decimal,
                        count - point, decimal + point);
}
