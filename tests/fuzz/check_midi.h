/* SPDX-License-Identifier: MIT */
/* What holds for any bytes that are given as a MIDI file. */
#ifndef F4E_CHECK_MIDI_H
#define F4E_CHECK_MIDI_H

#include "mutate.h"

/*
 * Read them. What is accepted are messages that a patch may get, by frame, not
 * after the end, and not more than fit into the bytes; played once, and twice
 * in a loop, all of them come in their order. Refusals say why.
 */
enum mutate_result check_midi(const uint8_t *bytes, size_t size,
                              struct arena *arena, const char **why);

#endif
