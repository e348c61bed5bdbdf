/* SPDX-License-Identifier: MIT */
/*
 * Keyboards as the Linux input system has them: /dev/input/eventN.
 */
#ifndef F4E_KEY_EVDEV_H
#define F4E_KEY_EVDEV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/failure.h"
#include "rt/keyboard.h"

enum { KEY_EVDEV_BYTES = 24 * 64 };

/* Zeroed: nothing was read. */
struct key_evdev {
    unsigned char bytes[KEY_EVDEV_BYTES]; /* of events not yet taken */
    size_t count;
};

/* What a key did. */
struct key_evdev_event {
    enum keyboard_action action;
    unsigned key; /* HID usage id */
};

/*
 * The path of the first keyboard of this machine. STATUS_OPEN when there is
 * none, or none that may be read.
 */
F4E_MUST_CHECK bool key_evdev_find(char *path, size_t size,
                                   struct failure *failure);

/* Where to read to, and how much. */
unsigned char *key_evdev_room(struct key_evdev *evdev, size_t *bytes);

/*
 * The next event about a key among what was read, which 'count' has been
 * raised by. False when there is none. Lost events count as a blur.
 */
bool key_evdev_next(struct key_evdev *evdev, struct key_evdev_event *event);

#endif
