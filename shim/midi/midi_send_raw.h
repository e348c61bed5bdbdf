/* SPDX-License-Identifier: MIT */
/*
 * --midi-out-raw: MIDI bytes to an ALSA raw device, a file, a pipe or standard
 * output, each when it is due. The control thread opens it, the thread that
 * sends writes.
 */
#ifndef F4E_MIDI_SEND_RAW_H
#define F4E_MIDI_SEND_RAW_H

#include "common/failure.h"
#include "rt/midi_queue.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MIDI_SEND_RAW_WAITING = 4096 }; /* messages; a power of two */

/* fd -1 and the rest zero: not open. */
struct midi_send_raw {
    int fd;                /* of a file; -1: none */
    snd_rawmidi_t *device; /* or of ALSA; NULL: none */
    const char *name;      /* the caller's */
    bool is_pipe;          /* readers come and go */
    bool can_return;       /* a device: what is unplugged may come back */
    bool is_away;          /* it was unplugged, and is looked for */
    uint64_t looked_ns;    /* the last look for a reader or the device */
    bool has_running_status;
    uint8_t status;       /* of the last message of a channel; 0: none */
    bool is_broken;       /* nothing can be written any more */
    uint8_t started[3];   /* of a message that a device took in part ... */
    size_t started_count; /* ... what is left */
    struct midi_queue_message waiting[MIDI_SEND_RAW_WAITING];
    bool is_counted[MIDI_SEND_RAW_WAITING]; /* that is counted already */
    size_t head;                            /* ever put */
    size_t tail;                            /* ever taken */
};

/* 'name', which has to stay, is "-", a path, or else a device such as
 * "hw:1,0,0". A file is emptied. A pipe is there without a reader, who gets
 * nothing that was due before. STATUS_MIDI; nothing is held then. */
F4E_MUST_CHECK bool midi_send_raw_open(struct midi_send_raw *raw,
                                       const char *name,
                                       bool has_running_status,
                                       struct failure *failure);

bool midi_send_raw_is_open(const struct midi_send_raw *raw);

/* Keep it until it is due, and count it then unless it 'is_counted' already.
 * False: there is no room. */
bool midi_send_raw_put(struct midi_send_raw *raw,
                       const struct midi_queue_message *message,
                       bool is_counted);

struct midi_send_raw_counts {
    uint64_t sent;
    uint64_t lost; /* late, and no room for it, or nobody */
};

/*
 * Write what is due at 'now_ns', without waiting. The counts grow by what is
 * over. Returns when the next is due, 0: none waits.
 */
uint64_t midi_send_raw_flush(struct midi_send_raw *raw, uint64_t now_ns,
                             struct midi_send_raw_counts *counts);

/* Nothing of what waits leaves any more: it is lost. */
void midi_send_raw_give_up(struct midi_send_raw *raw,
                           struct midi_send_raw_counts *counts);

/* Also when it is not open. */
void midi_send_raw_close(struct midi_send_raw *raw);

#endif
