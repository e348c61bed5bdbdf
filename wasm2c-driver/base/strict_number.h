/* SPDX-License-Identifier: MIT */
/*
 * Parsing of unsigned integers that are the whole of a text: no sign, no blank,
 * no suffix. Texts need no NUL. '*number' is written on success only.
 */
#ifndef F4E_STRICT_NUMBER_H
#define F4E_STRICT_NUMBER_H

#include "base/diag.h"

#include <stddef.h>

/* Digits of base 10 or 16. False when the text is empty, has another character
 * or its value is above 'max'. */
F4E_MUST_CHECK bool strict_number_u64(const char *text, size_t length,
                                      unsigned base, uint64_t max,
                                      uint64_t *number);

/* Decimal digits, or hexadecimal ones after "0x" or "0X". */
F4E_MUST_CHECK bool strict_number_u32(const char *text, size_t length,
                                      uint32_t max, uint32_t *number);

#endif
