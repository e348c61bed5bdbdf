/* SPDX-License-Identifier: MIT */
/*
 * The keys of a view F4E_PIANO: an array of the numbers of those held, in the
 * order of pressing, and how many they are. Audio thread, between two blocks.
 */
#ifndef F4E_PIANO_H
#define F4E_PIANO_H

#include "f4e_patch.h"
#include "rt/realtime.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    PIANO_KEY_BYTES = 8,   /* of the widest element */
    PIANO_KEYS_MAX = 4096, /* more are never held: one press stays short */
};

enum piano_action {
    PIANO_DOWN,
    PIANO_UP,
    PIANO_TOGGLE, /* down if it is up, else up */
};

/* What an action has to write: elements from 'first' on move down by one, or
 * the key is put there; then the count. */
struct piano_step {
    bool is_change; /* false: nothing, the key is there already or the array is
                     * full */
    bool is_added;  /* else one is removed */
    uint32_t first; /* element of the array */
    uint32_t count; /* of keys from now on */
};

/* 'key' is the number as the array's element has it. A count in memory that is
 * negative or too large counts as the nearest possible one. */
F4E_REALTIME struct piano_step piano_act(const struct f4e_patch *patch,
                                         const struct f4e_view *view,
                                         enum piano_action action,
                                         const uint8_t *key);

/* Bytes of an element. */
F4E_REALTIME unsigned piano_bytes(enum f4e_element element);

#endif
