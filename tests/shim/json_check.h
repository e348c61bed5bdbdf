/* SPDX-License-Identifier: MIT */
/*
 * Is a text JSON? Enough of a parser to say where it is not.
 */
#ifndef F4E_TEST_JSON_CHECK_H
#define F4E_TEST_JSON_CHECK_H

/* NULL when 'text' is one JSON value; else where it stops being one. */
const char *json_check(const char *text);

/* The number after "name": in 'text', or NAN. */
double json_number(const char *text, const char *name);

#endif
