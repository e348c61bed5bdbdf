/* SPDX-License-Identifier: MIT */
/*
 * MIDI from JACK. The audio thread calls the patch itself, at the block in
 * which a message falls; whoever else listens (controllers, program changes)
 * gets it from the thread of run(), as it may take locks.
 */
#ifndef F4E_JACK_MIDI_H
#define F4E_JACK_MIDI_H

#include "f4e_patch.h"
#include "jack/libjack.h"
#include "midi/midi_held.h"
#include "midi/midi_in.h"
#include "rt/inbox.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum {
    JACK_MIDI_PORTS_MAX = 16,
    JACK_MIDI_SLOTS = 512, /* of each inbox, a power of two */
    JACK_MIDI_TAPS = 256,  /* messages for listeners, a power of two */
};

struct jack_midi_port {
    struct libjack_port *port;
    unsigned target; /* the patch's port */
    struct midi_parser parser;
    void *buffer;   /* of this period */
    uint32_t count; /* events in it ... */
    uint32_t next;  /* ... and the first that is not delivered */
};

struct jack_midi {
    const struct f4e_patch *patch;
    const struct libjack *lib;
    struct midi_in *counts; /* whose counters and listener are shared */
    unsigned port_count;
    bool is_notes_off;
    atomic_size_t tap_head; /* the audio thread's */
    atomic_size_t tap_tail; /* the thread of run()'s */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct jack_midi_port ports[JACK_MIDI_PORTS_MAX];
    struct midi_held held; /* the ports are its sources; with --notes-off */
    struct inbox inbox;    /* from the audio thread to itself */
    struct inbox tap_inbox;
    struct midi_message taps[JACK_MIDI_TAPS];
    struct inbox_slot slots[JACK_MIDI_SLOTS];
    struct inbox_payload payloads[JACK_MIDI_SLOTS];
    struct inbox_slot tap_slots[JACK_MIDI_SLOTS];
    struct inbox_payload tap_payloads[JACK_MIDI_SLOTS];
};

/*
 * One port for each that the patch listens to, or one if only somebody else
 * does; none with --midi-in none. Before the audio thread starts: attaches the
 * inboxes.
 */
void jack_midi_init(struct jack_midi *midi, const struct libjack *lib,
                    struct engine *engine, const struct options *options,
                    struct midi_in *counts);

/* Audio thread: a period begins, all of its events are there. With --notes-off
 * the notes of a port end that nothing is connected to any more. */
F4E_REALTIME void jack_midi_begin(struct jack_midi *midi, uint32_t frames);

/* Audio thread: send what comes before frame 'until' of the period. */
F4E_REALTIME void jack_midi_send(struct jack_midi *midi, uint32_t until);

/* The thread of run(): listeners hear. True when there was something. */
bool jack_midi_listen(struct jack_midi *midi);

/* Whether jack_midi_listen() has anything to do, ever. */
bool jack_midi_is_heard(const struct jack_midi *midi);

#endif
