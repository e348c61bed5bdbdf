/* SPDX-License-Identifier: MIT */
/*
 * What is told to an engine before it is measured, as a host does between two
 * blocks: words of its memory, for keys that are held and sounds that are
 * loaded; and messages of MIDI, which come again and again while it is
 * measured.
 */
#ifndef F4E_POKES_H
#define F4E_POKES_H

#include "speaker.h"

/* Two decimal numbers, "ADDRESS VALUE". */
bool pokes_is_line(const char *text);

/* "event N NAME A B C", as engine_protocol.h has it. */
bool pokes_is_event(const char *text);

/* Say "poke LINE" and wait. False when the engine refuses. */
bool pokes_send(struct speaker *speaker, const char *line, unsigned timeout_s);

/* Every line of 'folder'/'module', if there is such a file: a poke or an event.
 * False when one is neither, or the engine refuses it. */
bool pokes_send_all(struct speaker *speaker, const char *folder,
                    const char *module, unsigned timeout_s);

#endif
