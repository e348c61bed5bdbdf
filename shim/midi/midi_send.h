/* SPDX-License-Identifier: MIT */
/*
 * What the patch sends by MIDI, on its way out: a thread that takes it from the
 * audio thread's queue and hands it to the sequencer, raw bytes or a file, when
 * it is due: when the block that sent it is heard. Offline the render takes its
 * place. Whoever ends, for whatever reason, leaves no note behind.
 */
#ifndef F4E_MIDI_SEND_H
#define F4E_MIDI_SEND_H

#include "common/failure.h"
#include "midi/midi_held.h"
#include "midi/midi_lines.h"
#include "midi/midi_send_raw.h"
#include "midi/midi_send_seq.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/midi_queue.h"
#include "rt/stats.h"
#include "smf/smf_write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed: not open, and nothing was sent. */
struct midi_send {
    struct midi_queue queue; /* what the audio thread writes to */
    const struct options *options;
    const struct engine *engine;
    bool is_tried; /* the patch sends: opened, or not to be had */
    bool is_open;
    bool has_ports; /* the backend has some, and counts what it sends */
    bool has_thread;
    pthread_t thread;
    atomic_bool is_ending;
    _Atomic uint64_t sent;
    _Atomic uint64_t lost;     /* by whoever should have taken it */
    uint64_t reported_dropped; /* the control thread's */
    struct midi_lines lines;

    /* The thread's own, or the render's. */
    struct midi_send_seq seq;
    struct midi_send_raw raw;
    struct smf_writer file;
    bool has_file;
    struct failure failure; /* of the file */
    struct midi_held held;
    uint64_t last_frame;
    uint64_t last_due_ns;
};

/*
 * Open what the options name, or the sequencer, and start the thread unless
 * they render. With JACK ports are the server's (jack/jack_midi_out.h), and the
 * sequencer is left alone. Nothing when the patch sends no MIDI; where a later
 * version of it may, only what the options name is opened then, and all else by
 * another call when one that sends, 'patch', is to come. Before the audio
 * thread starts, or while nothing has been opened. A missing sequencer is a
 * message on standard error unless
 * --midi-out names a port. Fails with STATUS_MIDI or STATUS_FILE; nothing is
 * open then.
 */
F4E_MUST_CHECK bool midi_send_open(struct midi_send *send,
                                   struct engine *engine,
                                   const struct f4e_patch *patch,
                                   const struct options *options,
                                   struct failure *failure);

/* Any thread: a backend's own port has got a message, or has no room. What a
 * thread takes as well it counts itself. */
F4E_REALTIME static inline void midi_send_count(struct midi_send *send,
                                                bool is_sent)
{
    if (!is_sent || !send->has_thread) {
        (void)atomic_fetch_add_explicit(is_sent ? &send->sent : &send->lost, 1,
                                        memory_order_relaxed);
    }
}

/* A render, between two blocks: take what the last one sent. */
void midi_send_pump(struct midi_send *send);

/* Control thread: print who gets what, and what was lost. */
void midi_send_report(struct midi_send *send);

/* Messages that left, and those that nobody took. */
static inline uint64_t midi_send_sent(const struct midi_send *send)
{
    return stats_get(&send->sent);
}

static inline uint64_t midi_send_dropped(const struct midi_send *send)
{
    return stats_get(&send->queue.dropped) + stats_get(&send->lost);
}

/*
 * After the audio thread has ended: wait until the rest is due, end all notes,
 * complete the file. STATUS_FILE. Does nothing when it is not open.
 */
bool midi_send_close(struct midi_send *send, struct failure *failure);

#endif
