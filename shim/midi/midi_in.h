/* SPDX-License-Identifier: MIT */
/*
 * Live MIDI: a thread that reads the ALSA sequencer or raw bytes and sends the
 * resulting calls to the audio thread. Not used by patches without MIDI
 * bindings, unless somebody else listens.
 */
#ifndef F4E_MIDI_IN_H
#define F4E_MIDI_IN_H

#include "common/failure.h"
#include "midi/midi_held.h"
#include "midi/midi_lines.h"
#include "midi/midi_parser.h"
#include "midi/midi_raw.h"
#include "midi/midi_seq.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/inbox.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MIDI_IN_SLOTS = 1024 };

/* Hears every message before the patch does. False: there is no room in the
 * inbox for what it would send, and nothing is done. MIDI thread. */
struct midi_tap {
    bool (*hear)(void *context, struct inbox *inbox,
                 const struct midi_message *message);
    void *context;
};

struct midi_in {
    /* Held while a message is looked up and sent: the code may be exchanged. */
    pthread_mutex_t patch_lock;
    const struct f4e_patch *patch;
    const struct options *options;
    struct frame_clock *clock; /* the engine's */
    bool is_attached;
    int stop_fd;  /* of wakeup_open() */
    bool is_open; /* the thread runs */
    pthread_t thread;
    _Atomic uint64_t received; /* messages; the thread counts both */
    _Atomic uint64_t lost;     /* messages, and overruns of the sequencer */
    _Atomic uint64_t late;     /* messages, for --midi-latency */

    uint64_t reported_lost; /* the control thread's */

    /* The thread's own. */
    bool is_raw_away; /* it was unplugged, and is looked for */
    uint64_t raw_looked_ns;
    bool is_raw_paced; /* a file: reading may wait for room in the inbox */
    unsigned raw_target;
    struct midi_parser raw_parser;

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct inbox inbox;
    /* Set by the caller; without one only patches with bindings open MIDI. */
    struct midi_tap tap;
    struct midi_raw raw;         /* the thread's ... */
    struct midi_seq_event event; /* ... too */
    struct inbox_slot slots[MIDI_IN_SLOTS];
    struct inbox_payload payloads[MIDI_IN_SLOTS];
    struct midi_lines
        lines; /* the control thread's; what follows the thread's */
    struct midi_seq seq;
    struct midi_held held;
    struct midi_parser parsers[MIDI_SEQ_PORTS_MAX];
};

/*
 * Open the sources that the options name and start the thread. Call it before
 * the audio thread starts. A missing sequencer is a message on standard error,
 * or STATUS_MIDI with --require-midi. On failure nothing is open.
 */
F4E_MUST_CHECK bool midi_in_open(struct midi_in *midi, struct engine *engine,
                                 const struct options *options,
                                 struct failure *failure);

/* Before the audio thread starts, where MIDI may be opened later: attach the
 * inbox. midi_in_open() does it otherwise. */
void midi_in_attach(struct midi_in *midi, struct engine *engine);

/*
 * The code was exchanged: messages call functions of another patch, whose
 * changes carry this number. 'tell' is called inside the lock, for whoever
 * looks up messages with it.
 */
void midi_in_follow(struct midi_in *midi, const struct f4e_patch *patch,
                    uint32_t version, void (*tell)(void *context),
                    void *context);

/* Whether the ports that it has are all that this patch binds. */
bool midi_in_serves(const struct midi_in *midi, const struct f4e_patch *patch);

/* Control thread: print which ports came, went, and lost messages. */
void midi_in_report(struct midi_in *midi);

/* End the thread. Does nothing when it is not open. */
void midi_in_close(struct midi_in *midi);

#endif
