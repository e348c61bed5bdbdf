/* SPDX-License-Identifier: MIT */
/*
 * What the patch sends by MIDI, from the audio thread to one reader, without a
 * lock: a writer never waits, a message that finds no room is counted.
 *
 * A message has the time of its block. The language knows no other: within a
 * block order is kept, and nothing more.
 */
#ifndef F4E_MIDI_QUEUE_H
#define F4E_MIDI_QUEUE_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MIDI_QUEUE_MESSAGES = 4096 }; /* a power of two */

struct midi_queue_message {
    uint64_t frame;  /* the first of its block, from the start on */
    uint64_t due_ns; /* CLOCK_MONOTONIC: when that is heard; 0: not known */
    uint8_t port;    /* below F4E_MIDI_PORTS */
    uint8_t count;   /* bytes, 1 to 3; 0: end all notes, nobody else will */
    uint8_t bytes[3];
};

/* What a sender has sent last. */
struct midi_queue_sender {
    bool is_on;
    uint8_t note; /* that is on */
    bool has_value;
    int32_t value; /* of the controller */
};

struct midi_queue {
    struct midi_queue_message messages[MIDI_QUEUE_MESSAGES];
    atomic_size_t head; /* ever written; only the audio thread stores it */
    atomic_size_t tail; /* ever read; only the reader stores it */
    _Atomic uint64_t dropped;    /* no room */
    _Atomic uint64_t invalid;    /* no messages, or ports that nobody has */
    atomic_bool is_release_lost; /* one with 'count' 0 found no room */

    struct midi_queue_sender senders[F4E_SENDERS_MAX]; /* the audio thread's */

    /* The audio thread's: of the block that runs. */
    uint64_t frame;
    uint64_t due_ns;

    /* The audio thread's: for midi_queue_look(), when somebody calls it. */
    bool is_watched;
    bool is_unread;         /* there is no reader beside it */
    bool is_release_hidden; /* is_release_lost, and not seen yet */
    size_t looked;          /* ever seen */
};

/* Bytes of the message with this status; 0: not one of 1 to 3 bytes. */
F4E_REALTIME unsigned midi_queue_bytes(uint32_t status);

/*
 * Audio thread, or another before it starts: send one message. Bytes beyond
 * its length are ignored. False when it is counted as dropped or invalid.
 */
F4E_REALTIME bool midi_queue_put(struct midi_queue *queue, uint32_t port,
                                 uint32_t status, uint32_t data1,
                                 uint32_t data2);

/* Audio thread, after a block: send what its words in memory say. */
F4E_REALTIME void midi_queue_send_words(struct midi_queue *queue,
                                        const struct f4e_patch *patch);

/* Audio thread, or another while there is none: the patch will not end its
 * notes any more. NULL: nothing. */
F4E_REALTIME void midi_queue_release(struct midi_queue *queue);

/* Reader: the oldest message, or false. */
bool midi_queue_get(struct midi_queue *queue,
                    struct midi_queue_message *message);

/* f4e_midi_out(), or what a patch that is loaded calls in its place. */
typedef void midi_queue_function(uint32_t port, uint32_t status, uint32_t data1,
                                 uint32_t data2);

/*
 * Before the audio thread starts: midi_queue_look() will be called after every
 * block, beside a reader or without one. What has been sent already is seen.
 */
void midi_queue_watch(struct midi_queue *queue, bool has_reader);

/*
 * Audio thread: the oldest message that it has not seen yet, or false. A reader
 * gets it too; a backend with ports of its own has its messages so.
 */
F4E_REALTIME bool midi_queue_look(struct midi_queue *queue,
                                  struct midi_queue_message *message);

/*
 * Who gets what the patch sends by f4e_midi_out(); NULL, as at first: nobody.
 * Any thread; what is sent meanwhile goes to either.
 */
F4E_REALTIME void midi_queue_connect(struct midi_queue *queue);

#endif
