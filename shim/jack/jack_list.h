/* SPDX-License-Identifier: MIT */
/*
 * What a JACK server has, for --list-devices and --list-midi. Nothing when none
 * runs, or libjack is not there. Control thread.
 */
#ifndef F4E_JACK_LIST_H
#define F4E_JACK_LIST_H

#include "common/json.h"
#include "f4e_patch.h"
#include "midi/midi_ports.h"

#include <stdio.h>

/* The server and its physical audio ports: a member "jack" of the object that
 * is open in 'json', or text when that is NULL. */
void jack_list_devices(const struct f4e_patch *patch, struct json *json,
                       FILE *file);

/*
 * Its MIDI ports of one direction, with all their names: elements of the list
 * that is open in 'json', or text, after 'heading' (or NULL). Returns how many
 * there are; 'file' may be NULL, to count.
 */
unsigned jack_list_midi(enum midi_direction direction, const char *heading,
                        struct json *json, FILE *file);

#endif
