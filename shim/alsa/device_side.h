/* SPDX-License-Identifier: MIT */
/*
 * One direction of a sound card's device for --list-devices: what it can do,
 * and what is in the way of a patch. Control thread.
 */
#ifndef F4E_DEVICE_SIDE_H
#define F4E_DEVICE_SIDE_H

#include "common/json.h"
#include "f4e_patch.h"

#include <alsa/asoundlib.h>

enum { DEVICE_FORMATS = 5 };

/* One direction of a device. */
struct device_side {
    bool is_there;
    int error;      /* why it could not be looked at, or 0 */
    long owner_pid; /* 0: unknown */
    char owner[32];
    unsigned channels[2]; /* least, most */
    unsigned rates[2];
    bool has_format[DEVICE_FORMATS];
    snd_pcm_uframes_t period_min;
    char reason[160]; /* why the patch cannot use it; empty: it can */
};

/*
 * Fill in what 'pcm', which is open, can do, and 'reason' when the patch cannot
 * use it. 'card' is the card's name, for hints. When that fails 'error' is a
 * negative errno.
 */
void device_side_look(struct device_side *side, snd_pcm_t *pcm,
                      const struct f4e_patch *patch, const char *card,
                      bool is_out);

/* "out  2 channels, 44100-192000 Hz, S32_LE S16_LE, period >= 32: OK"; nothing
 * for a side that is not there. */
void device_side_print(const char *title, const struct device_side *side,
                       bool is_needed, FILE *file);

/* The same as a member 'title' of the object that is open. */
void device_side_write(const char *title, const struct device_side *side,
                       bool is_needed, struct json *json);

#endif
