/* SPDX-License-Identifier: MIT */
/*
 * MIDI from the ALSA sequencer: one port for each port of the patch, connected
 * to what the user names, now and whenever it is plugged in.
 */
#ifndef F4E_MIDI_SEQ_H
#define F4E_MIDI_SEQ_H

#include "common/failure.h"
#include "common/json.h"
#include "f4e_patch.h"
#include "midi/midi_held.h"
#include "options/settings.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    MIDI_SEQ_PORTS_MAX = 16,
    MIDI_SEQ_LINKS_MAX = 64,
    MIDI_SEQ_NAME_BYTES = 160,
    MIDI_SEQ_BYTES = 4096, /* of one event */
};

/* A source that plays one of our ports. */
struct midi_link {
    int client;
    int port;
    unsigned target; /* the patch's port */
    char name[MIDI_SEQ_NAME_BYTES];
};

struct midi_seq {
    snd_seq_t *handle; /* NULL: not open */
    snd_midi_event_t *decoder;
    const struct options *options;
    unsigned targets[MIDI_SEQ_PORTS_MAX]; /* the patch's ports ... */
    int ports[MIDI_SEQ_PORTS_MAX];        /* ... and ours */
    unsigned port_count;
    struct midi_link links[MIDI_SEQ_LINKS_MAX];
    unsigned link_count;
};

/* One event of the sequencer. */
struct midi_seq_event {
    enum {
        MIDI_SEQ_NOTHING, /* no more now */
        MIDI_SEQ_DATA,
        MIDI_SEQ_LOST,   /* the kernel's queue was full: events are gone */
        MIDI_SEQ_LINKED, /* 'link' was connected */
        MIDI_SEQ_GONE,   /* 'source' was unplugged; 'link', if we made one */
        MIDI_SEQ_OTHER,  /* of no interest */
    } kind;
    unsigned target; /* the patch's port that the bytes are for */
    uint8_t bytes[MIDI_SEQ_BYTES];
    size_t count;
    struct midi_link link;
    struct midi_source source; /* of the bytes, or what is gone */
};

/*
 * Open the sequencer, create the ports and connect the sources of the options.
 * Fails with STATUS_MIDI; nothing is open then.
 */
F4E_MUST_CHECK bool midi_seq_open(struct midi_seq *seq,
                                  const struct f4e_patch *patch,
                                  const struct options *options,
                                  struct failure *failure);

/* The number of poll() descriptors, and the descriptors. */
unsigned midi_seq_poll_count(const struct midi_seq *seq);
void midi_seq_poll_fill(const struct midi_seq *seq, struct pollfd *fds,
                        unsigned count);

/* The next event; never waits. */
void midi_seq_next(struct midi_seq *seq, struct midi_seq_event *event);

/* Does nothing when it is not open. */
void midi_seq_close(struct midi_seq *seq);

/*
 * --list-midi: print every port that can be read, and those that 'more' knows:
 * elements of the list that is open in 'json', or text when that is NULL. It
 * returns how many; without a file it only counts. Fails with STATUS_MIDI when
 * there is no sequencer and nothing more.
 */
bool midi_seq_list(bool is_json,
                   unsigned (*more)(struct json *json, FILE *file), FILE *file,
                   struct failure *failure);

#endif
