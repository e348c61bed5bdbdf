/* SPDX-License-Identifier: MIT */
/*
 * Loads a file into an item: the first channel of a WAV file, converted to the
 * item's type, or the bytes of any other file. Control thread.
 */
#ifndef F4E_SAMPLE_H
#define F4E_SAMPLE_H

#include "common/failure.h"
#include "control/event_list.h"
#include "control/names.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Add an event that writes the file to 'place'. Full scale becomes the largest
 * integer, or 1.0; the rate is not converted. A description goes to 'messages',
 * which may be NULL. Fails with STATUS_FILE, or with STATUS_USAGE when the file
 * is larger than the place.
 */
F4E_MUST_CHECK bool sample_load(const struct f4e_patch *patch,
                                const struct place *place, const char *path,
                                uint64_t block, struct event_list *list,
                                FILE *messages, struct failure *failure);

#endif
