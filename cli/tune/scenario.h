/* SPDX-License-Identifier: MIT */
/*
 * What a patch is put through while it is trained and timed: a script, as
 * f4e-patch(1) describes it, that plays on every MIDI port, or every export
 * that looks like a callback where no port is known, presses keys, and moves
 * every control through its range. Signals for the inputs are made by
 * shim/benchmark.c.
 */
#ifndef F4E_SCENARIO_H
#define F4E_SCENARIO_H

#include "base/buf.h"
#include "patch.h"

/* The script for a run of 'blocks' blocks; empty for a patch without callbacks
 * and controls. The same patch gives the same text. */
void scenario_write(struct buf *out, const struct patch *patch,
                    uint32_t blocks);

#endif
