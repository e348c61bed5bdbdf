/* SPDX-License-Identifier: MIT */
/*
 * The types of elements in the patch's memory: the one table of them.
 * Little-endian, any alignment. Any thread; nothing here can fail.
 */
#ifndef F4E_ELEMENT_H
#define F4E_ELEMENT_H

#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    ELEMENT_COUNT = F4E_I64 + 1, /* types */
    ELEMENT_BYTES_MAX = 8,
};

unsigned element_bytes(enum f4e_element element);

/* "int8", "int8u", "int16", "int16u", "int", "float", "float64", "int64". */
const char *element_type(enum f4e_element element);

/* "i8", "u8", "i16", "u16", "i32", "f32", "f64" or "i64", as addresses say it.
 */
const char *element_code(enum f4e_element element);

/* The type that such a code stands for. False for any other word. */
bool element_from_code(const char *code, enum f4e_element *element);

bool element_is_float(enum f4e_element element);

/* The range of an integer type; of floats -inf and inf. Of 64-bit integers the
 * highest is the highest that a double holds, 1023 below the true one. */
double element_least(enum f4e_element element);
double element_most(enum f4e_element element);

/* Store a number as a JavaScript host does: truncated, modulo the range. */
void element_encode(enum f4e_element element, double number, uint8_t *bytes);

/* The number in these bytes; of a 64-bit integer the nearest. */
double element_decode(enum f4e_element element, const uint8_t *bytes);

/* The number in the bytes of an integer. */
int64_t element_decode_whole(enum f4e_element element, const uint8_t *bytes);

/*
 * Copy an element that the audio thread may be writing: what comes out is an
 * old or a new value, unless the element is unaligned.
 */
void element_peek(enum f4e_element element, const uint8_t *at, uint8_t *bytes);

#endif
