/* SPDX-License-Identifier: MIT */
#include "control/element_text.h"

#include "common/element.h"
#include "common/number.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    DIGITS_MAX = 9,     /* tell any two floats apart */
    DIGITS_KEPT = 6,    /* come back from any float that they were read into */
    POWER_LEAST = -14,  /* of ten: below, 10^22 is not enough */
    POWER_MOST = 8,     /* above, nine digits have no point */
    POWER_WRITTEN = -4, /* below, "%g" writes an exponent */
    DOUBLE_BITS = 29,   /* that a double has more than a float */
};

/* A whole number as it was typed. */
struct whole {
    bool is_negative;
    bool is_bits;   /* 0x or 0b */
    bool is_beyond; /* more than 'size' holds */
    uint64_t size;
};

/* Digits after an optional sign. */
static bool parse_integer(const char *word, struct whole *whole)
{
    const char *digits = word + (*word == '-' || *word == '+');
    int letter = digits[0] == '0' ? digits[1] | 0x20 : ' ';
    bool is_number = number_whole(digits, digits + strlen(digits),
                                  NUMBER_HEX | NUMBER_BINARY, &whole->size);
    whole->is_negative = *word == '-';
    whole->is_bits = letter == 'x' || letter == 'b';
    whole->is_beyond = !is_number;
    return is_number || whole->size != 0;
}

static void append_digit(struct whole *whole, unsigned digit)
{
    whole->is_beyond |= whole->size > (UINT64_MAX - digit) / 10;
    whole->size = whole->size * 10 + digit;
}

/* The exponent behind 'e', far enough from 0 where it is farther. */
static bool parse_exponent(const char *word, long *exponent)
{
    enum { FAR = 1000000 };
    const char *digits = word + (*word == '-' || *word == '+');
    *exponent = 0;
    for (const char *at = digits; *at >= '0' && *at <= '9'; at++) {
        *exponent = *exponent < FAR ? *exponent * 10 + (*at - '0') : FAR;
    }
    *exponent = *word == '-' ? -*exponent : *exponent;
    return *digits != '\0' && digits[strspn(digits, "0123456789")] == '\0';
}

/*
 * "5.0" and "1e3": a whole number, written as floats are; "0x1p3", "inf" and
 * the like are none. By its digits, since a double does not hold all of 64
 * bits.
 */
static bool parse_decimal(const char *word, struct whole *whole)
{
    const char *start = word + (*word == '-' || *word == '+');
    size_t length = strspn(start, "0123456789.");
    const char *point = memchr(start, '.', length);
    size_t before = point != NULL ? (size_t)(point - start) : length;
    long exponent = 0;
    if (length == (point != NULL) || /* no digit */
        (point != NULL &&
         memchr(point + 1, '.', length - before - 1) != NULL) ||
        (start[length] != '\0' &&
         ((start[length] | 0x20) != 'e' ||
          !parse_exponent(start + length + 1, &exponent)))) {
        return false;
    }
    *whole = (struct whole){.is_negative = *word == '-'};
    long left = (long)before + exponent; /* digits that count */
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)(start[i] - '0');
        if (start[i] == '.') {
            continue;
        }
        if (left <= 0 && digit != 0) {
            return false; /* a fraction */
        }
        if (left > 0) {
            append_digit(whole, digit);
        }
        left--;
    }
    for (; left > 0 && whole->size != 0 && !whole->is_beyond; left--) {
        append_digit(whole, 0);
    }
    return true;
}

/* How far the type goes below 0, and above. */
static void find_limits(enum f4e_element element, bool is_bits, uint64_t *below,
                        uint64_t *above)
{
    unsigned bits = 8 * element_bytes(element);
    uint64_t half = (uint64_t)1 << (bits - 1);
    bool is_signed = element_least(element) < 0;
    *below = is_signed || is_bits ? half : 0;
    *above = is_bits || !is_signed ? half - 1 + half : half - 1;
}

static bool parse_whole(enum f4e_element element, bool is_bits,
                        const char *word, uint8_t *bytes,
                        struct failure *failure)
{
    struct whole whole;
    uint64_t below = 0;
    uint64_t above = 0;
    bool is_number = parse_integer(word, &whole) || parse_decimal(word, &whole);
    find_limits(element, is_number && (is_bits || whole.is_bits), &below,
                &above);
    if (!is_number) {
        return failure_set(
            failure, STATUS_USAGE,
            "'%s' is not a whole number; %s takes %s%" PRIu64 " to %" PRIu64,
            word, element_type(element), below > 0 ? "-" : "", below, above);
    }
    if (whole.is_beyond || whole.size > (whole.is_negative ? below : above)) {
        return failure_set(
            failure, STATUS_USAGE,
            "%s is out of the range of %s, %s%" PRIu64 " to %" PRIu64, word,
            element_type(element), below > 0 ? "-" : "", below, above);
    }
    uint64_t value = whole.is_negative ? 0 - whole.size : whole.size;
    memcpy(bytes, &value, element_bytes(element));
    return true;
}

static bool parse_float(enum f4e_element element, const char *word,
                        uint8_t *bytes, struct failure *failure)
{
    bool is_single = element == F4E_F32;
    struct whole whole;
    double number = 0.0;
    float single = 0.0F; /* rounded once, not through a double */
    const char *end = word + strlen(word);
    bool is_good =
        number_real(word, end, &number) && number_single(word, end, &single);
    bool is_binary = !is_good && parse_integer(word, &whole);
    if (!is_good && !is_binary) {
        return failure_set(failure, STATUS_USAGE, "'%s' is not a number", word);
    }
    if (is_binary) {
        number = whole.is_negative ? -(double)whole.size : (double)whole.size;
        single = whole.is_negative ? -(float)whole.size : (float)whole.size;
    }
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

/* All of them are exact. */
static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* The size of a number by nine digits and what is behind them. */
struct scaled {
    int power;       /* of ten: of the first digit */
    uint32_t digits; /* 1e8 to below 1e9 */
    double rest;     /* 0 to 1; off by less than 1e-6 */
};

static bool scale(double size, struct scaled *scaled)
{
    int two = 0;
    (void)frexp(size, &two);
    /* log10(2) is a little less than 1233 / 4096; at most one too much. */
    int power = (two * 1233) >> 12;
    for (int i = 0; i < 2; i++, power--) {
        if (power < POWER_LEAST || power > POWER_MOST + 1) {
            return false;
        }
        double number = power > POWER_MOST ? size / tens[1]
                                           : size * tens[POWER_MOST - power];
        if (number >= 1e8) {
            scaled->power = power;
            scaled->digits = (uint32_t)number;
            scaled->rest = number - (double)scaled->digits;
            return power <= POWER_MOST && number < 1e9;
        }
    }
    return false;
}

/* So many digits, rounded. 0: what is behind them is too close to a half. */
static uint32_t round_to(const struct scaled *scaled, int digits)
{
    const uint32_t unit = (uint32_t)tens[DIGITS_MAX - digits];
    const double half = tens[DIGITS_MAX - digits] / 2.0;
    double rest = (double)(scaled->digits % unit) + scaled->rest;
    if (fabs(rest - half) < 1e-6) {
        return 0;
    }
    return scaled->digits / unit + (rest > half);
}

/* 'whole' times a power of ten, read as a float. False: a double is too coarse
 * to say on which side of the middle between two floats it lies. */
static bool read_back(uint32_t whole, int power, float *number)
{
    const uint64_t middle = UINT64_C(1) << (DOUBLE_BITS - 1);
    double product = power < 0 ? whole / tens[-power] : whole * tens[power];
    uint64_t bits;
    memcpy(&bits, &product, sizeof(bits));
    bits &= (UINT64_C(1) << DOUBLE_BITS) - 1;
    *number = (float)product;
    return bits + 1 < middle || bits > middle + 1;
}

/* The digits of 'whole', the first of which stands at 'power' of ten. */
static void write_digits(char *text, uint32_t whole, int digits, int power)
{
    char all[DIGITS_MAX];
    for (int i = digits; i-- > 0; whole /= 10) {
        all[i] = (char)('0' + whole % 10);
    }
    while (digits > 1 && digits > power + 1 && all[digits - 1] == '0') {
        digits--; /* behind the point, or behind the first digit */
    }
    bool has_exponent = power < POWER_WRITTEN;
    int point = has_exponent ? 0 : power; /* behind this digit */
    if (point < 0) {
        *text++ = '0';
        *text++ = '.';
        for (int i = -1; i > point; i--) {
            *text++ = '0';
        }
    }
    for (int i = 0; i < digits; i++) {
        *text++ = all[i];
        if (i == point && i + 1 < digits) {
            *text++ = '.';
        }
    }
    if (has_exponent) {
        *text++ = 'e';
        *text++ = '-';
        *text++ = (char)('0' + -power / 10);
        *text++ = (char)('0' + -power % 10);
    }
    *text = '\0';
}

/*
 * The shortest text that strtof() reads as 'number': what "%.*g" gives with the
 * fewest digits, and without an exponent for 1 and more, but many times as
 * quick. False, with 'text' as it was, for what this way is not sure of: it
 * knows 0 and all but a few of the numbers whose size is 1e-14 to 1e9.
 */
static bool format_quickly(float number, char text[ELEMENT_TEXT_MAX])
{
    struct scaled scaled;
    const float size = fabsf(number);
    if (size == 0.0F) {
        memcpy(text, signbit(number) ? "-0" : "0", signbit(number) ? 3 : 2);
        return true;
    }
    if (!(size >= 1e-14F && size < 1e9F) || !scale((double)size, &scaled)) {
        return false;
    }
    int digits =
        scaled.power + 1 > DIGITS_KEPT ? scaled.power + 1 : DIGITS_KEPT;
    for (; digits <= DIGITS_MAX; digits++) {
        float back = 0.0F;
        uint32_t whole = round_to(&scaled, digits);
        if (whole == 0 || whole == (uint32_t)tens[digits] ||
            !read_back(whole, scaled.power + 1 - digits, &back)) {
            return false;
        }
        if (back == size) {
            *text = '-';
            write_digits(text + (number < 0.0F), whole, digits, scaled.power);
            return true;
        }
    }
    return false;
}

void element_text_format(enum f4e_element element, const uint8_t *bytes,
                         char text[ELEMENT_TEXT_MAX])
{
    if (!element_is_float(element)) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%" PRId64,
                       element_decode_whole(element, bytes));
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
    if (element == F4E_F32 && format_quickly((float)number, text)) {
        return;
    }
    /* What so few digits give, "%g" gives with more of them, as it leaves out
     * zeros at the end; but the smallest numbers have fewer than that. */
    double size = fabs(number);
    bool is_small = size < (element == F4E_F32 ? (double)FLT_MIN : DBL_MIN);
    int least = is_small ? 1 : element == F4E_F32 ? FLT_DIG : DBL_DIG;
    /* 100 is not 1e+02. */
    int digits = size >= 10.0 && size < 1e15 ? (int)log10(size) : 1;
    digits = digits > least ? digits : least;
    bool is_same = false;
    for (; !is_same && digits <= 17; digits++) {
        (void)snprintf(text, ELEMENT_TEXT_MAX, "%.*g", digits, number);
        is_same = element == F4E_F32 ? strtof(text, NULL) == (float)number
                                     : strtod(text, NULL) == number;
        is_same = is_same &&
                  (size >= 1e15 || size < 1.0 || strchr(text, 'e') == NULL);
    }
    number_set_point(text);
}

void element_text_format_json(enum f4e_element element, const uint8_t *bytes,
                              char text[ELEMENT_TEXT_MAX])
{
    element_text_format(element, bytes, text);
    size_t length = strlen(text);
    /* Readers of JSON take numbers for doubles, and 2^53 + 1 is none. */
    bool is_wide =
        element == F4E_I64 && fabs(element_decode(element, bytes)) > 0x1p53;
    if (is_wide || strpbrk(text, "in") != NULL) {
        memmove(text + 1, text, length);
        text[0] = '"';
        text[length + 1] = '"';
        text[length + 2] = '\0';
    }
}
