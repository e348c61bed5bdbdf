/* SPDX-License-Identifier: MIT */
/*
 * Which notes each source of MIDI holds: when it disappears, nobody else will
 * end them. One thread's own: that of MIDI, or the audio thread.
 */
#ifndef F4E_MIDI_HELD_H
#define F4E_MIDI_HELD_H

#include "midi/midi_parser.h"
#include "rt/realtime.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    MIDI_HELD_SOURCES_MAX = 64,
    MIDI_HELD_CHANNELS = 16,
    MIDI_HELD_NOTES = 128
};

/* A source as the sequencer counts it; client -1: bare bytes. */
struct midi_source {
    int client;
    int port;
};

/* What one source holds on one port of the patch. */
struct midi_holder {
    bool is_used;
    struct midi_source source;
    unsigned target; /* the patch's port */
    uint8_t notes[MIDI_HELD_CHANNELS][MIDI_HELD_NOTES / 8]; /* a bit each */
    uint16_t ending; /* channels of which notes are being released */
};

/* Zeroed: nothing is held. */
struct midi_held {
    struct midi_holder holders[MIDI_HELD_SOURCES_MAX];
};

/* A message of a source. Those of more sources than there is room for are not
 * kept in mind. */
F4E_REALTIME void midi_held_message(struct midi_held *held,
                                    struct midi_source source, unsigned target,
                                    const struct midi_message *message);

/* Notes that a source holds, on all ports. */
unsigned midi_held_count(const struct midi_held *held,
                         struct midi_source source);

/*
 * What ends the next of them, and '*target' for it: a note off each, then "all
 * notes off" for each channel that had some. False: nothing is held any more.
 */
F4E_REALTIME bool midi_held_release(struct midi_held *held,
                                    struct midi_source source, unsigned *target,
                                    struct midi_message *message);

#endif
