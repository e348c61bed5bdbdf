/* SPDX-License-Identifier: MIT */
/*
 * Checks the invariants of the proven address ranges (docs/ranges.md): the
 * values of memory words that proven_block() relies on. Audio thread.
 */
#ifndef F4E_INVARIANTS_H
#define F4E_INVARIANTS_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether all invariants hold. '*violated' is the index of one that did not, or
 * any number: it is checked first, so that a violation that lasts is cheap.
 * Set when the result is false.
 */
F4E_REALTIME bool invariants_hold(const struct f4e_patch *patch,
                                  unsigned *violated);

/* Whether the invariants of the words in 'size' bytes at 'address' hold. */
F4E_REALTIME bool invariants_hold_at(const struct f4e_patch *patch,
                                     uint32_t memory, uint32_t address,
                                     size_t size);

#endif
