/* SPDX-License-Identifier: MIT */
/*
 * MIDI to JACK. The audio thread writes what a block has sent into the server's
 * buffers, at the frame with which that block begins to play. Whoever else
 * takes what the patch sends (midi/midi_send.h: a file, raw bytes) is not
 * disturbed.
 */
#ifndef F4E_JACK_MIDI_OUT_H
#define F4E_JACK_MIDI_OUT_H

#include "f4e_patch.h"
#include "jack/libjack.h"
#include "midi/midi_held.h"
#include "midi/midi_send.h"
#include "rt/engine.h"
#include "rt/midi_queue.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct jack_midi_out_port {
    struct libjack_port *port;
    void *buffer; /* of this period; NULL: none */
};

struct jack_midi_out {
    const struct libjack *lib;
    struct midi_queue *queue;
    struct midi_send *send; /* whose counters are shared */
    struct jack_midi_out_port ports[F4E_MIDI_PORTS];
    atomic_uint port_count; /* 0: nothing is sent */
    atomic_uint wanted;     /* of the version that has the most */
    atomic_uint answered;   /* so many are there, or not to be had */
    struct midi_held held;
    bool is_releasing; /* the notes that sound are being ended */
    bool is_waiting;   /* 'ending' has found no room yet */
    struct midi_message ending;
    unsigned ending_port;
};

/* One port for each that the patch sends to; none with --midi-out none. Before
 * the audio thread starts, with a zeroed 'out'. */
void jack_midi_out_init(struct jack_midi_out *out, const struct libjack *lib,
                        struct engine *engine, struct midi_send *send);

/* Audio thread: a period begins; every one, also where nothing is sent. */
F4E_REALTIME void jack_midi_out_begin(struct jack_midi_out *out,
                                      uint32_t frames);

/* Audio thread: what the patch has sent leaves at frame 'at' of the period. */
F4E_REALTIME void jack_midi_out_write(struct jack_midi_out *out, uint32_t at);

/* Audio thread: no block comes any more. The next jack_midi_out_write() ends
 * the notes. */
F4E_REALTIME void jack_midi_out_end(struct jack_midi_out *out);

#endif
