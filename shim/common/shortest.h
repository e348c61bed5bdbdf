/* SPDX-License-Identifier: MIT */
/* Numbers as text, without the loop through the C library. Any thread. */
#ifndef F4E_SHORTEST_H
#define F4E_SHORTEST_H

#include <stdbool.h>

enum { SHORTEST_TEXT_MAX = 24 };

/*
 * The shortest text that strtof() reads as 'number': what "%.*g" gives with the
 * fewest digits, and without an exponent for 1 and more. False, with 'text' as
 * it was, for what this quick way is not sure of: it knows 0 and all but a few
 * of the numbers whose size is 1e-14 to 1e9.
 */
bool shortest_format(float number, char text[SHORTEST_TEXT_MAX]);

#endif
