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

/*
 * How much time, in ms, the statistics of --stats-json have seen that a machine
 * with nothing else to do does not need: spent in blocks, after wake-ups that
 * were due earlier, and in xruns.
 */
double json_disturbed_ms(const char *text);

#endif
