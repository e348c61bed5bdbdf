/* SPDX-License-Identifier: MIT */
/* One element of the patch's memory as text and back. Control thread. */
#ifndef F4E_ELEMENT_TEXT_H
#define F4E_ELEMENT_TEXT_H

#include "common/failure.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

enum { ELEMENT_TEXT_MAX = 32 /* of element_text_format(), with the final 0 */ };

/*
 * Read 'word' into the element's bytes. Integers are decimal and within the
 * element's range, or bit patterns in hexadecimal (0x) or binary (0b), with or
 * without a sign; 'is_bits' takes decimals as bit patterns too. Floats take
 * what strtod() takes, rounded once, and binary integers; a finite number too
 * large for the type is refused. Fails with STATUS_USAGE, naming the type and
 * its range.
 */
F4E_MUST_CHECK bool element_text_parse(enum f4e_element element, bool is_bits,
                                       const char *word, uint8_t *bytes,
                                       struct failure *failure);

/*
 * The shortest text that element_text_parse() turns into the same value;
 * "nan" for all NaNs.
 */
void element_text_format(enum f4e_element element, const uint8_t *bytes,
                         char text[ELEMENT_TEXT_MAX]);

/* The same, with "nan", "inf" and "-inf" in quotes: JSON has no such numbers.
 */
void element_text_format_json(enum f4e_element element, const uint8_t *bytes,
                              char text[ELEMENT_TEXT_MAX]);

#endif
