/* SPDX-License-Identifier: MIT */
/*
 * Words that are written to an engine's memory before it is measured, as a host
 * does between two blocks: keys that are held, sounds that are loaded.
 */
#ifndef F4E_POKES_H
#define F4E_POKES_H

#include "speaker.h"

/* Two decimal numbers, "ADDRESS VALUE". */
bool pokes_is_line(const char *text);

/* Say "poke LINE" and wait. False when the engine refuses. */
bool pokes_send(struct speaker *speaker, const char *line, unsigned timeout_s);

/* Every line of 'folder'/'module', if there is such a file. False when one is
 * no poke, or the engine refuses it. */
bool pokes_send_all(struct speaker *speaker, const char *folder,
                    const char *module, unsigned timeout_s);

#endif
