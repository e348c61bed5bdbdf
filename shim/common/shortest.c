/* SPDX-License-Identifier: MIT */
#include "common/shortest.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum {
    DIGITS_MAX = 9,     /* tell any two floats apart */
    DIGITS_KEPT = 6,    /* come back from any float that they were read into */
    POWER_LEAST = -14,  /* of ten: below, 10^22 is not enough */
    POWER_MOST = 8,     /* above, nine digits have no point */
    POWER_WRITTEN = -4, /* below, "%g" writes an exponent */
    DOUBLE_BITS = 29,   /* that a double has more than a float */
};

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
static void write(char *text, uint32_t whole, int digits, int power)
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

bool shortest_format(float number, char text[SHORTEST_TEXT_MAX])
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
            write(text + (number < 0.0F), whole, digits, scaled.power);
            return true;
        }
    }
    return false;
}
