/* SPDX-License-Identifier: MIT */
/*
 * What a front has to know of a patch whose tables are not its own: names,
 * types, ranges and functions, without values and without code. They go over a
 * socket of link_open(), as a file without a name. Only in the player.
 */
#ifndef F4E_CATALOGUE_H
#define F4E_CATALOGUE_H

#include "common/failure.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>

/* Control thread: never waits. False: it cannot be sent now. */
F4E_MUST_CHECK bool catalogue_send(int fd, const struct f4e_patch *patch,
                                   uint32_t version);

/*
 * The next one, within the time: a patch with its name, numbers, memories,
 * items, params, exports and MIDI bindings; all else is empty. free() it. NULL:
 * none came, or it is broken.
 */
struct f4e_patch *catalogue_receive(int fd, int wait_ms, uint32_t *version);

#endif
