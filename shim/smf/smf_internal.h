/* SPDX-License-Identifier: MIT */
/* smf_read.c, what is in the tracks; smf_time.c, when it is. */
#ifndef F4E_SMF_INTERNAL_H
#define F4E_SMF_INTERNAL_H

#include "smf/smf_read.h"

/* What a track has at a tick. */
struct smf_event {
    uint64_t tick;
    uint32_t order;    /* among all of the file: tracks, then events */
    uint32_t tempo_us; /* of a quarter note from here on; 0: a message */
    uint8_t port;
    uint8_t bytes[3];
};

struct smf_file {
    uint32_t tracks; /* as the header has it */
    uint16_t division;
    struct smf_event *events; /* from malloc() */
    size_t count;
    size_t capacity;
    uint64_t end_tick; /* of the longest track */
};

/* Sort the events and put the messages into '*smf' with their frames. Fails
 * with STATUS_FILE and STATUS_INTERNAL. */
F4E_MUST_CHECK bool smf_time(struct smf *smf, struct smf_file *file,
                             const struct f4e_patch *patch,
                             struct failure *failure);

#endif
