/* SPDX-License-Identifier: MIT */
/*
 * A MIDI message calls the exported functions that the patch binds to its port
 * with status and data. MIDI thread.
 */
#ifndef F4E_MIDI_CALL_H
#define F4E_MIDI_CALL_H

#include "f4e_patch.h"
#include "midi/midi_parser.h"
#include "rt/inbox.h"

#include <stdbool.h>

/*
 * Send the calls for a message on 'port', from binding 'first' on. Returns the
 * first binding that is not sent: patch->midi_count, or less when the inbox is
 * full; call again with it.
 */
unsigned midi_call_send(const struct f4e_patch *patch, struct inbox *inbox,
                        unsigned port, const struct midi_message *message,
                        unsigned first);

#endif
