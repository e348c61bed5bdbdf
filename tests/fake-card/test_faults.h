/* SPDX-License-Identifier: MIT */
#ifndef F4E_FAKE_CARD_TEST_FAULTS_H
#define F4E_FAKE_CARD_TEST_FAULTS_H

#include <check.h>

/* The tests of what goes wrong on demand, while playing and when opening. */
void test_faults_add(TCase *tcase);
void test_opening_add(TCase *tcase);
void test_time_add(TCase *tcase);

#endif
