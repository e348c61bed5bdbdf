/* SPDX-License-Identifier: MIT */
/*
 * Numbers that a user types, strictly: the text between 'text' and 'end' is
 * the number and nothing else, without blanks. Control thread.
 */
#ifndef F4E_NUMBER_H
#define F4E_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* What number_whole() takes besides decimal digits; '|' combines. */
enum {
    NUMBER_DECIMAL = 0,
    NUMBER_HEX = 1,    /* after 0x */
    NUMBER_BINARY = 2, /* after 0b */
};

/*
 * Digits without a sign; a leading zero does not mean octal. False for
 * anything else, with '*value' 0, and for a number beyond 64 bits, with
 * '*value' UINT64_MAX.
 */
bool number_whole(const char *text, const char *end, unsigned bases,
                  uint64_t *value);

/* The same for a text that ends with 0 and a range. False when outside it. */
bool number_in_range(const char *text, unsigned bases, uint64_t least,
                     uint64_t most, uint64_t *value);

/*
 * What strtod() takes: sign, hexadecimal, "inf" and "nan" included. The point
 * is a point, whatever the locale of a library's host.
 */
bool number_real(const char *text, const char *end, double *value);

/* The same, rounded once. */
bool number_single(const char *text, const char *end, float *value);

/* Give a number that printf() has written its point. */
void number_set_point(char *text);

#endif
