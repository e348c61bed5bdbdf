/* SPDX-License-Identifier: MIT */
/*
 * MIDI as bare bytes: a raw device of ALSA, a file, a pipe, standard input.
 */
#ifndef F4E_MIDI_RAW_H
#define F4E_MIDI_RAW_H

#include <alsa/asoundlib.h>
#include <stdbool.h>

#include "common/failure.h"

struct midi_raw {
    int fd;                /* of a file; -1: none */
    snd_rawmidi_t *device; /* or of ALSA; NULL: none */
};

/*
 * 'name' is "-", a path, or else a device such as "hw:1,0,0". Pipes stay open
 * when their writer leaves. STATUS_MIDI; nothing is held then.
 */
F4E_MUST_CHECK bool midi_raw_open(struct midi_raw *raw, const char *name,
                                  struct failure *failure);

/* One of its poll() descriptors; it has no more of interest. */
void midi_raw_poll_fill(const struct midi_raw *raw, struct pollfd *fd);

/*
 * What there is after poll(). Returns the number of bytes, 0 when there are
 * none now, -1 at the end or when the device has gone.
 */
int midi_raw_read(struct midi_raw *raw, unsigned char *bytes, size_t room);

/* Also when it is not open (fd -1). */
void midi_raw_close(struct midi_raw *raw);

#endif
