/* SPDX-License-Identifier: MIT */
/*
 * What a MIDI message does to a patch: every binding of its port calls an
 * exported function with status and data.
 */
#ifndef F4E_MIDI_CALL_H
#define F4E_MIDI_CALL_H

#include <stdbool.h>

#include "f4e_patch.h"
#include "midi/midi_parser.h"
#include "rt/inbox.h"

/* Status and data as arguments: call_args_fill() with three numbers. */
void midi_call_args(const struct f4e_export *function,
                    const struct midi_message *message, double *args);

/*
 * Send the calls for a message on 'port', in the order of the bindings.
 * 'first' is how many are sent already; returns how many are now. That is
 * patch->midi_count, or less when the inbox is full.
 */
unsigned midi_call_send(const struct f4e_patch *patch, struct inbox *inbox,
                        unsigned port, const struct midi_message *message,
                        unsigned first);

#endif
