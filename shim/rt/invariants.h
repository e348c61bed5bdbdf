/* SPDX-License-Identifier: MIT */
/*
 * The host's side of the proven address ranges (docs/ranges.md): whether words
 * of the patch's memory hold what its faster code takes for granted. Nothing
 * here allocates, locks or waits.
 */
#ifndef F4E_INVARIANTS_H
#define F4E_INVARIANTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "f4e_patch.h"
#include "rt/realtime.h"

/*
 * Whether all of the patch's invariants hold. '*violated' is the index of one
 * that did not (or any number): it is looked at first, so that asking again
 * while it stays so costs no look at the whole table.
 */
F4E_REALTIME bool invariants_hold(const struct f4e_patch *patch,
                                  unsigned *violated);

/* Whether those of the words that 'size' bytes at 'address' touch hold. */
F4E_REALTIME bool invariants_hold_at(const struct f4e_patch *patch,
                                     uint32_t memory, uint32_t address,
                                     size_t size);

#endif
