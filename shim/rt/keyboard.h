/* SPDX-License-Identifier: MIT */
/*
 * The keyboard of 8f4e patches: two numbers in memory, the key pressed last of
 * those still down, and whether any key is down. Keys are USB HID usage ids; 0
 * stands for all other keys. Audio thread.
 */
#ifndef F4E_KEYBOARD_H
#define F4E_KEYBOARD_H

#include "rt/realtime.h"

#include <stdbool.h>
#include <stdint.h>

enum { KEYBOARD_KEYS = 256 }; /* ids are below */

enum keyboard_action {
    KEYBOARD_DOWN, /* repeated ones too */
    KEYBOARD_UP,
    KEYBOARD_BLUR, /* the focus was lost: all keys are up */
};

/* Zeroed: no key is down. */
struct keyboard {
    unsigned char held[KEYBOARD_KEYS]; /* in the order of pressing, each once */
    unsigned count;
};

/* The numbers in memory after an action. */
struct keyboard_view {
    bool has_code; /* false: the code in memory stays */
    int32_t code;
    int32_t pressed; /* 0 or 1 */
};

/* 'key' is below KEYBOARD_KEYS. */
F4E_REALTIME struct keyboard_view keyboard_act(struct keyboard *keyboard,
                                               enum keyboard_action action,
                                               unsigned key);

#endif
