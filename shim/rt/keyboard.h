/* SPDX-License-Identifier: MIT */
/*
 * The keyboard as 8f4e patches see it: two numbers in memory, the last key
 * that is still down and whether any is. Keys are USB HID usage ids; 0 is
 * every key that has none here.
 */
#ifndef F4E_KEYBOARD_H
#define F4E_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

#include "rt/realtime.h"

enum { KEYBOARD_KEYS = 256 }; /* ids are below */

enum keyboard_action {
    KEYBOARD_DOWN, /* repeated ones too */
    KEYBOARD_UP,
    KEYBOARD_BLUR, /* the focus went elsewhere: no key counts as down */
};

/* Zeroed: nothing is down. */
struct keyboard {
    unsigned char held[KEYBOARD_KEYS]; /* in the order of pressing, each once */
    unsigned count;
};

/* What an action makes the patch's memory say. */
struct keyboard_view {
    bool has_code; /* else the code stays as it is */
    int32_t code;
    int32_t pressed; /* 0 or 1 */
};

/* 'key' is below KEYBOARD_KEYS. */
F4E_REALTIME struct keyboard_view keyboard_act(struct keyboard *keyboard,
                                               enum keyboard_action action,
                                               unsigned key);

#endif
