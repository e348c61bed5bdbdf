/* SPDX-License-Identifier: MIT */
/* Keyboards of the Linux input subsystem: /dev/input/eventN. Key thread. */
#ifndef F4E_KEY_EVDEV_H
#define F4E_KEY_EVDEV_H

#include "common/failure.h"
#include "rt/keyboard.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KEY_EVDEV_BYTES = 24 * 64 };

/* Initial state: zeroed. */
struct key_evdev {
    unsigned char bytes[KEY_EVDEV_BYTES]; /* events not yet returned */
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

/* The buffer for read(), and its free bytes; add what was read to 'count'. */
unsigned char *key_evdev_room(struct key_evdev *evdev, size_t *bytes);

/*
 * The next key event among the bytes read. False when there is none. Events
 * lost by the kernel become KEYBOARD_BLUR.
 */
bool key_evdev_next(struct key_evdev *evdev, struct key_evdev_event *event);

#endif
