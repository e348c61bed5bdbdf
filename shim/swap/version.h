/* SPDX-License-Identifier: MIT */
/*
 * A version of the patch: a library that is opened, initialised and brought
 * into memory while another one plays.
 */
#ifndef F4E_SWAP_VERSION_H
#define F4E_SWAP_VERSION_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/decks/decks.h"

#include <stdbool.h>
#include <stdint.h>

enum { VERSION_NAME_BYTES = 64 };

struct version {
    uint32_t number;               /* counted from 0 by the player */
    char name[VERSION_NAME_BYTES]; /* of this build, for messages */
    void *library;
    const struct f4e_patch *patch;
    f4e_guard_function *guard;
    midi_queue_function **sender; /* as in struct f4e_version, and this */
    f4e_interrupt_function *interrupt;
    uint8_t *defaults; /* of all items, by list_remember() */
    /* Timed changes and settings, made for this one; the payloads are those of
     * the command line's. NULL: the command line's themselves. */
    struct change *events;
    struct change *settings;
    struct deck *deck; /* for the time in which it is not current; or NULL */
};

/*
 * Open the library at 'path', which may be removed then. STATUS_LIBRARY: it is
 * none, or not one of this player.
 */
F4E_MUST_CHECK bool version_open(struct version *version, const char *path,
                                 struct failure *failure);

/* Can this one take the place of the other on an open device? STATUS_USAGE,
 * with what does not fit. */
F4E_MUST_CHECK bool version_fits(const struct f4e_patch *patch,
                                 const struct f4e_patch *other,
                                 struct failure *failure);

/* Bring its code in, as far as it can be seen: a page at a time. */
void version_touch_code(const struct version *version);

/* When no thread uses it. Also for one that is zeroed. */
void version_close(struct version *version);

#endif
