/* SPDX-License-Identifier: MIT */
/*
 * What a version of a patch that is loaded at run time shows: one symbol,
 * F4E_VERSION_SYMBOL, of this type. The rest of the library is its own: code,
 * memories, and the place that its traps return to, so that a version can be
 * loaded and initialised while another one plays.
 */
#ifndef F4E_VERSION_H
#define F4E_VERSION_H

#include "f4e_patch.h"
#include "rt/midi_queue.h"
#include "rt/trap.h"

#include <stdint.h>

#define F4E_VERSION_SYMBOL "f4e_version"

enum {
    /* Sizes of what both sides must see alike. */
    F4E_VERSION_LAYOUT = sizeof(struct f4e_patch) << 16 |
                         sizeof(struct f4e_item) << 8 | sizeof(struct f4e_view),
};

struct f4e_version {
    uint32_t layout; /* F4E_VERSION_LAYOUT */
    const struct f4e_patch *patch;
    f4e_guard_function *guard;
    /* Who gets the MIDI that its code sends; NULL, as at first: nobody. It is
     * set by the thread that runs the version, between two calls. */
    midi_queue_function **sender;
    f4e_interrupt_function *interrupt;
};

extern const struct f4e_version f4e_version;

#endif
