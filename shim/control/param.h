/* SPDX-License-Identifier: MIT */
/*
 * What the editor's sliders, buttons, switches and crossfades write.
 */
#ifndef F4E_PARAM_H
#define F4E_PARAM_H

#include <stdbool.h>
#include <stdint.h>

#include "common/failure.h"
#include "control/event_list.h"
#include "control/names.h"
#include "f4e_patch.h"

/* "slider", "button", "switch" or "crossfade". */
const char *param_kind(const struct f4e_param *param);

/* Where a slider or a crossfade stands when moved to a share from 0 to 1. */
double param_at(const struct f4e_param *param, double share);

/* The item's element as the widget reads and writes it. */
enum f4e_element param_element(const struct f4e_patch *patch,
                               const struct f4e_param *param);

/*
 * 'word' is "on", "off", "toggle" or like "50%": the event, or two, that move
 * the first widget of 'place' that can do this. Fails with STATUS_USAGE when
 * there is none.
 */
F4E_MUST_CHECK bool param_move(const struct f4e_patch *patch,
                               const struct place *place, const char *word,
                               uint64_t block, struct event_list *list,
                               struct failure *failure);

/* 'word' is one of those. */
bool param_is_word(const char *word);

#endif
