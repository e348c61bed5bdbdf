/* SPDX-License-Identifier: MIT */
/*
 * Words that the host writes while the patch plays, because the project says
 * so: the keyboard's, those of sliders, buttons, switches and crossfades, and
 * the targets of assets. What a proof takes for granted of such a word would
 * not last longer than the first key.
 */
#ifndef F4E_RANGES_HOST_WORDS_H
#define F4E_RANGES_HOST_WORDS_H

#include "patch.h"
#include "ranges/analysis/memory.h"

/* Between calls each of them may hold what the host may write there. */
void host_words_add(struct memory_model *memory, const struct patch *patch);

#endif
