/* SPDX-License-Identifier: MIT */
/*
 * What every test program shares: main() runs the suite that the program
 * defines in test_suite().
 */
#ifndef F4E_SUITE_H
#define F4E_SUITE_H

#include <check.h>
#include <stddef.h>
#include <stdint.h>

/* Defined once per test program: the whole suite. */
Suite *test_suite(void);

/* How many of 'all' rounds to make: a tenth, and all of them when F4E_LONG is
 * set, as the tests with the label `long` do. */
unsigned suite_rounds(unsigned all);

#endif
