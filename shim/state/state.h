/* SPDX-License-Identifier: MIT */
/*
 * The state of a patch is its memory. A state file holds all of it, with what
 * tells whether it fits; docs/state-format.md has every byte. Control thread.
 */
#ifndef F4E_STATE_H
#define F4E_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/engine.h"

/* All memories of one moment, between two blocks. */
struct state_picture {
    uint8_t *bytes; /* the memories in a row; NULL: not made */
    uint64_t block; /* blocks done by then */
    bool is_costly; /* the audio thread had to copy */
};

/*
 * Get room for pictures, before memory is locked. STATUS_INTERNAL; free with
 * state_free().
 */
F4E_MUST_CHECK bool state_make_room(struct state_picture *picture,
                                    const struct f4e_patch *patch,
                                    struct failure *failure);
void state_free(struct state_picture *picture);

/*
 * Copy the memories between two blocks while the audio thread runs. Fails with
 * STATUS_INTERNAL when a block does not end within seconds.
 */
F4E_MUST_CHECK bool state_take(struct state_picture *picture,
                               struct engine *engine, struct failure *failure);

/*
 * Write a state file; it replaces an older one when it is safely on the disk.
 * 'picture' NULL: the memories as they are, for when no block runs.
 */
F4E_MUST_CHECK bool state_save(const struct engine *engine,
                               const struct state_picture *picture,
                               const char *path, struct failure *failure);

/* What came back by name. */
struct state_match {
    bool is_by_name;   /* false: all memory, byte by byte */
    unsigned restored; /* items of this patch */
    unsigned missing;  /* of this patch, not in the file or another type */
    unsigned gone;     /* of the file, not in this patch or another type */
    unsigned pointers; /* that keep their defaults: their target is gone */
};

/*
 * Put the memory of a state file into the patch, which is loaded and does not
 * run. A file of another build of the patch is refused unless 'is_by_name':
 * then every item whose name, type and count are equal gets its old value.
 * Nothing is written unless all of the file is right. STATUS_FILE.
 */
F4E_MUST_CHECK bool state_load(struct engine *engine, const char *path,
                               bool is_by_name, struct state_match *match,
                               struct failure *failure);

#endif
