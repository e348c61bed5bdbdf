/* SPDX-License-Identifier: MIT */
/* Conversion of numbers with the semantics of 8f4e and JavaScript. */
#ifndef F4E_PROJECT_NUMBER_H
#define F4E_PROJECT_NUMBER_H

#include "project/parse/span.h"

struct number {
    double value;
    /* Written as an integer: digits alone, 0x, 0b; or folded from such. */
    bool is_integer;
};

enum number_result {
    NUMBER_OK,
    NUMBER_NONE,      /* not a number's text */
    NUMBER_TOO_LARGE, /* would be infinite */
};

/* A literal of 8f4e: -?DIGITS[.DIGITS][eN][f64], -?0x…, -?0b…. */
enum number_result number_literal(struct span span, struct number *number);

/* Number(text) of JavaScript; false for what is NaN there. */
bool number_js(struct span span, double *value);

/* parseFloat(text): the longest number it starts with; false: NaN. */
bool number_prefix(struct span span, double *value);

/* parseInt(text, 10). */
bool number_integer_prefix(struct span span, double *value);

/* x 'operator' y, one of + - * / ^. False: a division by zero. */
bool number_fold(struct number x, char operator, struct number y,
                 struct number *result);

/* Modulo 2^32 after dropping the fraction; not finite: 0 (ToInt32). */
uint32_t number_wrap(double value);

/* The shortest decimal text that reads back the same, as JavaScript's
 * String(value). In the arena. */
const char *number_text(double value, struct arena *arena);

#endif
