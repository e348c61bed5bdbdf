/* SPDX-License-Identifier: MIT */
/*
 * Instructions on 32-bit integers with the numbers of the specification, and
 * numbers to try them with; for tests of arithmetic on ranges of numbers.
 */
#ifndef F4E_TEST_I32_H
#define F4E_TEST_I32_H

#include "wasm/opcode.h"

enum { I32_CODES = 23, I32_COMPARISONS = 10 };

/* Those with two operands; comparisons come first. */
extern const uint32_t i32_codes[I32_CODES];

bool i32_traps(uint32_t code, uint32_t a, uint32_t b);
uint32_t i32_compute(uint32_t code, uint32_t a, uint32_t b);

/* Begin with F4E_SEED, or with 1. */
void i32_seed(void);
uint32_t i32_bits(void);

/* Numbers at which something changes come often. */
uint32_t i32_number(void);

#endif
