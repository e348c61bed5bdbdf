/* SPDX-License-Identifier: MIT */
/* What holds for any bytes that are given as a manifest. */
#ifndef F4E_CHECK_MANIFEST_H
#define F4E_CHECK_MANIFEST_H

#include "mutate.h"

/*
 * Read them, and hold what was accepted against a module of two memories.
 * Refusals have text, file and a line that exists, and do nothing to a
 * terminal. What is left of the rest lies inside of the memories, is sorted,
 * has names that can be typed, and is used by controls that exist. Memory stays
 * in proportion.
 */
enum mutate_result check_manifest(const uint8_t *bytes, size_t size,
                                  struct arena *arena, const char **why);

#endif
