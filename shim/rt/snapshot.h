/* SPDX-License-Identifier: MIT */
/*
 * Lets the control thread copy the patch's memories between two blocks while
 * the audio thread runs: a sequence lock. 'sequence' is odd while a block runs,
 * so a copy is consistent if it was even and unchanged. If blocks leave no time
 * for that, the control thread provides a buffer and the audio thread copies
 * once.
 */
#ifndef F4E_SNAPSHOT_H
#define F4E_SNAPSHOT_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

/* Who owns the buffer, and who may make the next step. */
enum snapshot_request {
    SNAPSHOT_IDLE,    /* control: may become WANTED */
    SNAPSHOT_WANTED,  /* audio: may become COPYING; control: IDLE again */
    SNAPSHOT_COPYING, /* audio: becomes DONE */
    SNAPSHOT_DONE,    /* control: becomes IDLE */
};

struct snapshot {
    atomic_uint sequence;
    atomic_int request; /* enum snapshot_request */
    uint8_t *buffer;    /* the control thread's, for all memories in a row */
    uint64_t *block;    /* likewise, for the number of the next block */
};

/* Audio thread: a block begins. */
F4E_REALTIME static inline void snapshot_enter(struct snapshot *snapshot)
{
    unsigned now =
        atomic_load_explicit(&snapshot->sequence, memory_order_relaxed);
    atomic_store_explicit(&snapshot->sequence, now + 1, memory_order_relaxed);
    /* No write of the block comes before the number is odd. */
    atomic_thread_fence(memory_order_release);
}

/* Audio thread: the block has ended, and engine->block counts it. */
F4E_REALTIME static inline void snapshot_leave(struct snapshot *snapshot)
{
    unsigned now =
        atomic_load_explicit(&snapshot->sequence, memory_order_relaxed);
    atomic_store_explicit(&snapshot->sequence, now + 1, memory_order_release);
}

/* Audio thread, between two blocks: make a copy if it was requested. */
F4E_REALTIME static inline void snapshot_serve(struct snapshot *snapshot,
                                               const struct f4e_patch *patch,
                                               uint64_t block)
{
    int wanted = SNAPSHOT_WANTED;
    if (atomic_load_explicit(&snapshot->request, memory_order_relaxed) !=
            wanted ||
        !atomic_compare_exchange_strong(&snapshot->request, &wanted,
                                        SNAPSHOT_COPYING)) {
        return;
    }
    uint8_t *at = snapshot->buffer;
    for (unsigned i = 0; i < patch->memory_count; i++) {
        memcpy(at, patch->memories[i].data, (size_t)patch->memories[i].bytes);
        at += patch->memories[i].bytes;
    }
    *snapshot->block = block;
    atomic_store(&snapshot->request, SNAPSHOT_DONE);
}

#endif
