/* SPDX-License-Identifier: MIT */
/* What must hold for any bytes at all; shared by the fuzzer and the mutator. */
#ifndef F4E_CHECK_WASM_H
#define F4E_CHECK_WASM_H

#include "mutate.h"

/*
 * Read, check for support and validate 'bytes'. A refusal must carry a text and
 * an offset inside the file, and memory must stay linear in the file's size.
 */
enum mutate_result check_wasm(const uint8_t *bytes, size_t size,
                              struct arena *arena, const char **why);

#endif
