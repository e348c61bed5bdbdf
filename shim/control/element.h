/* SPDX-License-Identifier: MIT */
/*
 * One element of the patch's memory as text and back. Little-endian, any
 * alignment.
 */
#ifndef F4E_VALUE_H
#define F4E_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/failure.h"
#include "f4e_patch.h"

enum {
    VALUE_BYTES_MAX = 8,
    VALUE_TEXT_MAX = 32, /* of value_format(), with the final 0 */
};

unsigned value_bytes(enum f4e_element element);

/* "int8", "int8u", "int16", "int16u", "int", "float" or "float64". */
const char *value_type(enum f4e_element element);

bool value_is_float(enum f4e_element element);

/*
 * Read 'word' into the element's bytes. Integers are decimal and within the
 * element's range, or hexadecimal (0x) or binary (0b): bit patterns then, with
 * or without a sign. 'is_bits' allows that for decimals too. Floats take what C
 * takes, rounded once, and binary integers; a number too large for the type is
 * refused. Fails with STATUS_USAGE, naming the type and its range.
 */
bool value_parse(enum f4e_element element, bool is_bits, const char *word,
                 uint8_t *bytes, struct failure *failure);

/* Store a number as a JavaScript host does: truncated, modulo the range. */
void value_encode(enum f4e_element element, double number, uint8_t *bytes);

/* The number in these bytes. */
double value_decode(enum f4e_element element, const uint8_t *bytes);

/*
 * The shortest text that value_parse() turns into the same value; "nan" for
 * all NaNs.
 */
void value_format(enum f4e_element element, const uint8_t *bytes,
                  char text[VALUE_TEXT_MAX]);

/* The same, with "nan", "inf" and "-inf" in quotes, as JSON wants. */
void value_format_json(enum f4e_element element, const uint8_t *bytes,
                       char text[VALUE_TEXT_MAX]);

/*
 * Copy an element while another thread may write it: what comes out is an old
 * or a new value, unless the element is unaligned.
 */
void value_peek(enum f4e_element element, const uint8_t *at, uint8_t *bytes);

#endif
