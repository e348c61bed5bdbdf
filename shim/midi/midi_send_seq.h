/* SPDX-License-Identifier: MIT */
/*
 * MIDI out through the ALSA sequencer: a client of our own with a port for each
 * of the patch's, made when it is first needed. Messages lie in a queue of the
 * kernel until they are due, so that no thread has to be on time. The thread
 * that sends owns it once it runs.
 */
#ifndef F4E_MIDI_SEND_SEQ_H
#define F4E_MIDI_SEND_SEQ_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "midi/midi_clock.h"
#include "midi/midi_lines.h"
#include "options/settings.h"
#include "rt/midi_queue.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdint.h>

struct midi_send_seq {
    snd_seq_t *handle; /* NULL: not open */
    snd_midi_event_t *encoder;
    const struct options *options;
    struct midi_lines *lines;
    struct midi_clock clock;
    int ports[F4E_MIDI_PORTS]; /* -1: not there yet */
    unsigned link_count;
};

/*
 * Open the sequencer and connect the ports of the options; says in 'lines' who
 * gets what. Fails with STATUS_MIDI; nothing is open then.
 */
F4E_MUST_CHECK bool midi_send_seq_open(struct midi_send_seq *seq,
                                       const struct f4e_patch *patch,
                                       const struct options *options,
                                       struct midi_lines *lines,
                                       struct failure *failure);

/* Send it when it is due. False: the kernel has no room. */
bool midi_send_seq_put(struct midi_send_seq *seq,
                       const struct midi_queue_message *message);

/* From time to time: connect what was plugged in, follow the queue's clock. */
void midi_send_seq_tick(struct midi_send_seq *seq, uint64_t now_ns);

/* What is not due yet is lost. Does nothing when it is not open. */
void midi_send_seq_close(struct midi_send_seq *seq);

#endif
