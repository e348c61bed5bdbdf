/* SPDX-License-Identifier: MIT */
/*
 * Imported functions by which a module sends MIDI, from whatever module they
 * are imported:
 *
 *     midiOut     (status, data1, data2)           to port 0
 *     midiOutPort (port, status, data1, data2)     to a port from 0 to 15
 *
 * All are i32; there is no result.
 */
#ifndef F4E_DRIVER_MIDI_IMPORT_H
#define F4E_DRIVER_MIDI_IMPORT_H

#include "wasm/wasm.h"

/* Ports that imported function 'index' can send to: 1 or F4E_MIDI_PORTS; 0: it
 * is none of the two. */
uint32_t midi_import_ports(const struct wasm_module *module, uint32_t index);

/* What its parameters should be, when only its name is right; else NULL. */
const char *midi_import_wanted(const struct wasm_module *module,
                               uint32_t index);

#endif
