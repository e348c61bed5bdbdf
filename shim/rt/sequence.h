/* SPDX-License-Identifier: MIT */
/*
 * MIDI messages at frames, all known before the patch starts: a MIDI file. The
 * engine plays them before the block that contains their frame, as it does with
 * the lines of a script.
 */
#ifndef F4E_SEQUENCE_H
#define F4E_SEQUENCE_H

#include "rt/realtime.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sequence_event {
    uint64_t frame;
    uint8_t port; /* of the patch */
    uint8_t bytes[3];
};

/* Zeroed: there is none. */
struct sequence {
    const struct sequence_event *events; /* by frame */
    size_t count;
    uint64_t loop_frames; /* then it begins again; 0: it does not */

    /* The engine's. */
    size_t next;
    uint64_t base; /* the frame at which this pass began */
};

/* The next event before 'end_frame', or NULL. */
F4E_REALTIME static inline const struct sequence_event *
sequence_next(struct sequence *sequence, uint64_t end_frame)
{
    if (sequence->next == sequence->count) {
        if (sequence->loop_frames == 0 || sequence->count == 0 ||
            sequence->base + sequence->loop_frames >= end_frame) {
            return NULL;
        }
        sequence->base += sequence->loop_frames;
        sequence->next = 0;
    }
    const struct sequence_event *event = &sequence->events[sequence->next];
    if (sequence->base + event->frame >= end_frame) {
        return NULL;
    }
    sequence->next++;
    return event;
}

#endif
