/* SPDX-License-Identifier: MIT */
/*
 * A file as the elements of an item: a WAV file's first channel converted to
 * their type, anything else as it is. Control thread.
 */
#ifndef F4E_SAMPLE_H
#define F4E_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "control/event_list.h"
#include "control/names.h"
#include "f4e_patch.h"

/*
 * Add an event that writes the file to 'place'. Samples of full scale become
 * the largest integer, or 1; nothing is resampled. What was done is written to
 * 'told', unless that is NULL. Fails with STATUS_FILE, and STATUS_USAGE when
 * the file is larger than the place.
 */
F4E_MUST_CHECK bool sample_load(const struct f4e_patch *patch,
                                const struct place *place, const char *path,
                                uint64_t block, struct event_list *list,
                                FILE *told, struct failure *failure);

#endif
