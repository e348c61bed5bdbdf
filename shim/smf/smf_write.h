/* SPDX-License-Identifier: MIT */
/*
 * --midi-out FILE.mid: a standard MIDI file of format 0, written as it comes.
 * Tempo 120; the quarter note has as many ticks as make a tick one frame, at
 * rates up to 65534 Hz, so that times come back as they were. One thread at a
 * time.
 */
#ifndef F4E_SMF_WRITE_H
#define F4E_SMF_WRITE_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "files/outfile.h"

#include <stdbool.h>
#include <stdint.h>

struct smf_writer {
    struct outfile out;
    uint32_t division;   /* ticks of a quarter note */
    uint64_t per_second; /* ticks are frames * per_second / rate, upwards */
    uint64_t rate;
    uint64_t ticks; /* of the last event */
    uint64_t bytes; /* of the track so far */
    unsigned port;  /* of the last message */
};

/* Fails with STATUS_FILE, as all functions here; nothing is held then. */
F4E_MUST_CHECK bool smf_writer_open(struct smf_writer *writer, const char *path,
                                    const struct f4e_patch *patch,
                                    struct failure *failure);

/* Append a message of 1 to 3 bytes; frames do not decrease. */
F4E_MUST_CHECK bool smf_writer_add(struct smf_writer *writer, uint64_t frame,
                                   unsigned port, const uint8_t *bytes,
                                   unsigned count, struct failure *failure);

/* Complete the file: the piece ends with 'frame'. */
F4E_MUST_CHECK bool smf_writer_close(struct smf_writer *writer, uint64_t frame,
                                     struct failure *failure);

/* Remove a file that will not be completed. */
void smf_writer_discard(struct smf_writer *writer);

#endif
