/* SPDX-License-Identifier: MIT */
/*
 * --record: what is played, in a WAV file too. The audio thread puts blocks
 * into a ring; a thread of its own writes them, so a slow disk loses blocks of
 * the file, which are counted, and never of the sound.
 */
#ifndef F4E_RECORD_H
#define F4E_RECORD_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/wav_write.h"
#include "f4e_patch.h"
#include "options/settings.h"
#include "rt/ring.h"

struct record {
    struct ring ring;
    bool is_doubled;         /* one channel that plays on both speakers */
    const float *doubled[2]; /* the same one, twice */
    _Atomic uint64_t lost;   /* frames; only the audio thread stores it */
    atomic_bool is_ending;   /* no more frames come */
    atomic_bool has_failed;  /* the writer has given up; 'failure' says why */

    /* The writer's own, until it has ended. */
    struct wav_writer writer;
    uint64_t frames_max; /* that a WAV file holds */
    float **planar;      /* what it took from the ring */
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
 * Control thread, after the audio thread has ended: write what waits, and
 * complete the file with all that was recorded.
 */
bool record_close(struct record *record, struct failure *failure);

/*
 * Audio thread: one array per output channel of the patch, as engine_process()
 * fills them. 'record' may be NULL. What does not fit is counted as lost.
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
