/* SPDX-License-Identifier: MIT */
/*
 * A preset and the patch: what its values do to the memory, and how the memory
 * becomes values. Control thread.
 */
#ifndef F4E_PRESET_APPLY_H
#define F4E_PRESET_APPLY_H

#include "common/failure.h"
#include "control/event_list.h"
#include "f4e_patch.h"
#include "preset/preset_list.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Replace the preset's values by those of the patch now: of its sliders,
 * switches, crossfades and pianos, or of all variables. Values that the patch
 * does not know stay. Fails with STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool preset_capture(struct preset *preset,
                                   const struct f4e_patch *patch, bool is_all,
                                   struct failure *failure);

/*
 * Add the events that set the preset's values. With 'blocks' more than 1
 * sliders, crossfades and single floats move there in that time; all else is
 * there at once. Values without a variable, and those that do not fit theirs,
 * are left out and, unless 'is_quiet', told, each preset once. Fails
 * with STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool preset_apply(struct preset *preset,
                                 const struct f4e_patch *patch, uint32_t blocks,
                                 uint64_t block, struct event_list *list,
                                 bool is_quiet, struct failure *failure);

#endif
