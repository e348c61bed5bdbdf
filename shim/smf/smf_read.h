/* SPDX-License-Identifier: MIT */
/*
 * --midi FILE.mid: a standard MIDI file becomes messages at frames. Formats 0
 * and 1; times by tempo or by SMPTE. System exclusive and meta events are
 * passed over, but for tempo, port and end of track. The file is not trusted:
 * every length is compared with the bytes that are there. Control thread.
 */
#ifndef F4E_SMF_READ_H
#define F4E_SMF_READ_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/sequence.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SMF_BYTES_MAX = 64 << 20,
    SMF_EVENTS_MAX = 4 << 20, /* messages and changes of tempo */
};

/* Zeroed: none. */
struct smf {
    struct sequence_event *events; /* by frame, ports as in the file */
    size_t count;
    uint64_t end_frame; /* of the longest track */
};

/*
 * Read a whole file. Frames are those of the patch, ticks where a timer drives
 * it. Fails with STATUS_FILE, the byte and what is wrong there, without the
 * name; nothing is held then.
 */
F4E_MUST_CHECK bool smf_read(struct smf *smf, const uint8_t *bytes, size_t size,
                             const struct f4e_patch *patch,
                             struct failure *failure);

/* Also for one that is zeroed. */
void smf_free(struct smf *smf);

#endif
