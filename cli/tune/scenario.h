/* SPDX-License-Identifier: MIT */
/*
 * The default workload for profiling and timing: a script of f4e-patch(1) that
 * plays notes on every MIDI port (without ports: calls every export with the
 * signature of a callback), presses keys, and moves every control through its
 * range. shim/benchmark.c generates the input signals.
 */
#ifndef F4E_SCENARIO_H
#define F4E_SCENARIO_H

#include "base/buf.h"
#include "patch.h"

/* Append the script for 'blocks' blocks; nothing for a patch without callbacks
 * and controls. Deterministic. */
void scenario_write(struct buf *out, const struct patch *patch,
                    uint32_t blocks);

#endif
