/* SPDX-License-Identifier: MIT */
/*
 * --midi-raw: MIDI bytes from an ALSA raw device, a file, a pipe or standard
 * input. The control thread opens it, the MIDI thread reads and opens again.
 */
#ifndef F4E_MIDI_RAW_H
#define F4E_MIDI_RAW_H

#include "common/failure.h"

#include <alsa/asoundlib.h>
#include <stdbool.h>

struct midi_raw {
    int fd;                /* of a file; -1: none */
    snd_rawmidi_t *device; /* or of ALSA; NULL: none */
    bool can_return;       /* a device: what is unplugged may come back */
};

/*
 * 'name' is "-", a path, or else a device such as "hw:1,0,0". Pipes stay open
 * when their writer leaves. STATUS_MIDI; nothing is held then.
 */
F4E_MUST_CHECK bool midi_raw_open(struct midi_raw *raw, const char *name,
                                  struct failure *failure);

/* Any thread: open what can_return again, and say nothing when it is not there:
 * false. */
F4E_MUST_CHECK bool midi_raw_reopen(struct midi_raw *raw, const char *name);

/* Any thread: snd_rawmidi_open() without waiting, of one direction, and without
 * a word of alsa-lib's. 0, or its error. */
F4E_MUST_CHECK int midi_raw_open_quietly(snd_rawmidi_t **in,
                                         snd_rawmidi_t **out, const char *name);

/* Its poll() descriptor; of a device with several, the first. */
void midi_raw_poll_fill(const struct midi_raw *raw, struct pollfd *fd);

/*
 * Read after poll(), without waiting. Returns the number of bytes, 0 when there
 * are none now, -1 at the end or when the device is gone.
 */
int midi_raw_read(struct midi_raw *raw, unsigned char *bytes, size_t room);

/* Also when it is not open (fd -1). */
void midi_raw_close(struct midi_raw *raw);

#endif
