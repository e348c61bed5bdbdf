/* SPDX-License-Identifier: MIT */
/*
 * --record: a WAV file of what is played. The audio thread puts blocks into a
 * ring, a writer thread takes them out. When the disk is too slow, frames of
 * the file are dropped and counted; the sound is not affected.
 */
#ifndef F4E_RECORD_H
#define F4E_RECORD_H

#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/ring.h"
#include "wav/wav_write.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct record {
    struct ring ring;
    bool is_doubled; /* mono that plays on both speakers: two channels */
    const float *doubled[2]; /* the same one, twice */
    _Atomic uint64_t lost;   /* frames; only the audio thread stores it */
    atomic_bool is_ending;   /* no more frames come */
    atomic_bool has_failed;  /* the writer has given up; 'failure' says why */

    /* The writer's own, until it has ended. */
    struct wav_writer writer;
    uint64_t frames_max; /* that a WAV file holds */
    float **planar;      /* frames taken from the ring */
    struct failure failure;
    pthread_t thread;
};

/*
 * Control thread, before the audio thread starts: create options->record and
 * start the writer. Fails with STATUS_FILE or STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool record_open(struct record *record,
                                const struct f4e_patch *patch,
                                const struct options *options,
                                struct failure *failure);

/*
 * Control thread, after the audio thread has ended: write the rest of the ring,
 * complete the file and end the writer. Fails with STATUS_FILE; what could be
 * written is kept.
 */
F4E_MUST_CHECK bool record_close(struct record *record,
                                 struct failure *failure);

/*
 * Audio thread: record 'frames' frames of the patch's outputs, one array per
 * channel. 'record' may be NULL. Frames that do not fit are counted as lost.
 */
F4E_REALTIME static inline void
record_block(struct record *record, const float *const *out, size_t frames)
{
    if (record == NULL) {
        return;
    }
    if (record->is_doubled) {
        record->doubled[0] = out[0];
        record->doubled[1] = out[0];
        out = record->doubled;
    }
    if (!ring_write(&record->ring, out, frames)) {
        atomic_store_explicit(
            &record->lost,
            atomic_load_explicit(&record->lost, memory_order_relaxed) + frames,
            memory_order_relaxed);
    }
}

#endif
