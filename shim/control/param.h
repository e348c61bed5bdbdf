/* SPDX-License-Identifier: MIT */
/* The editor's sliders, buttons, switches and crossfades. Control thread. */
#ifndef F4E_PARAM_H
#define F4E_PARAM_H

#include "common/failure.h"
#include "control/event_list.h"
#include "control/names.h"
#include "f4e_patch.h"
#include "panel/param_value.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Add the events, one or two, that move the first suitable widget of 'place' to
 * 'word': "on", "off", "toggle" or a share such as "50%", which may take so
 * many blocks. Fails with STATUS_USAGE when there is none.
 */
F4E_MUST_CHECK bool param_move(const struct f4e_patch *patch,
                               const struct place *place, const char *word,
                               uint32_t blocks, uint64_t block,
                               struct event_list *list,
                               struct failure *failure);

/* Whether 'word' has one of these forms. */
bool param_is_word(const char *word);

#endif
