/* SPDX-License-Identifier: MIT */
/*
 * Saving and loading state files: all memories of a patch, with a header that
 * says which patch they fit (docs/state-format.md). Control thread.
 */
#ifndef F4E_STATE_H
#define F4E_STATE_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/engine.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A copy of all memories, taken between two blocks. */
struct memory_snapshot {
    uint8_t *bytes;  /* the memories one after the other; NULL: not allocated */
    uint64_t block;  /* blocks computed so far */
    bool is_costly;  /* the audio thread had to make the copy */
    int patience_ms; /* for a block to end; the caller may change it */
};

/*
 * Allocate the copy, before memory is locked. Fails with STATUS_INTERNAL; free
 * it with state_free().
 */
F4E_MUST_CHECK bool state_make_room(struct memory_snapshot *copy,
                                    const struct f4e_patch *patch,
                                    struct failure *failure);
void state_free(struct memory_snapshot *copy);

/*
 * Copy the memories between two blocks while the audio thread runs. Fails with
 * STATUS_INTERNAL when a block does not end within 'patience_ms'.
 */
F4E_MUST_CHECK bool state_take(struct memory_snapshot *copy,
                               struct engine *engine, struct failure *failure);

/* Whether one could be written there; see outfile_probe(). STATUS_FILE. */
F4E_MUST_CHECK bool state_probe(const char *path, struct failure *failure);

/*
 * Write a state file. It replaces an older one after fsync(). 'copy' NULL: save
 * the memories themselves, while no block runs. Fails with STATUS_FILE.
 */
F4E_MUST_CHECK bool state_save(const struct engine *engine,
                               const struct memory_snapshot *copy,
                               const char *path, struct failure *failure);

/* The result of loading by name. */
struct state_match {
    bool is_by_name;   /* false: same build, all memory was loaded */
    unsigned restored; /* items of this patch */
    unsigned missing;  /* items of this patch without a match in the file */
    unsigned gone;     /* items of the file without a match in this patch */
    unsigned pointers; /* left at their defaults: their target has no match */
};

/*
 * Load a state file into the patch, which is loaded and does not run. A file of
 * another build is refused unless 'is_by_name': then every item with the same
 * name, type and count gets its saved value. Fails with STATUS_FILE; the
 * patch's memory is unchanged then.
 */
F4E_MUST_CHECK bool state_load(struct engine *engine, const char *path,
                               bool is_by_name, struct state_match *match,
                               struct failure *failure);

#endif
