/* SPDX-License-Identifier: MIT */
/* Lines that another thread has to say, for the control thread to print. */
#ifndef F4E_MIDI_LINES_H
#define F4E_MIDI_LINES_H

#include "common/attributes.h"

#include <pthread.h>
#include <stddef.h>

enum { MIDI_LINES_BYTES = 4096 };

struct midi_lines {
    pthread_mutex_t lock;
    size_t used;
    char text[MIDI_LINES_BYTES]; /* each ends with a 0 */
};

void midi_lines_init(struct midi_lines *lines);
void midi_lines_deinit(struct midi_lines *lines);

/* Any thread: add a line, without its end; what is in it cannot make two of
 * it. Dropped when nobody reads. */
F4E_PRINTF(2, 3)
void midi_lines_add(struct midi_lines *lines, const char *format, ...);

/* Control thread: print them on standard error, safe for a terminal. */
void midi_lines_tell(struct midi_lines *lines);

#endif
