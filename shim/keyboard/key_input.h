/* SPDX-License-Identifier: MIT */
/*
 * --keyboard: a thread that reads a terminal or an input device and sends its
 * key events to the audio thread.
 */
#ifndef F4E_KEY_INPUT_H
#define F4E_KEY_INPUT_H

#include "common/failure.h"
#include "keyboard/key_evdev.h"
#include "keyboard/key_term.h"
#include "options/settings.h"
#include "rt/engine.h"
#include "rt/inbox.h"
#include "rt/keyboard.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { KEY_INPUT_MESSAGES = 256, KEY_INPUT_PATH_MAX = 256 };

struct key_input {
    struct inbox inbox;
    struct inbox_slot slots[KEY_INPUT_MESSAGES];
    struct inbox_payload payloads[KEY_INPUT_MESSAGES];
    char path[KEY_INPUT_PATH_MAX];
    int fd;      /* of the device; -1 while it is gone */
    int stop_fd; /* of wakeup_open() */
    bool is_terminal;
    bool is_open; /* the thread runs */
    pthread_t thread;
    atomic_uint losses; /* times the device went away */
    atomic_uint returns;
    unsigned reported_losses; /* the control thread's */
    unsigned reported_returns;

    /* The thread's own. */
    struct key_term term;
    struct key_evdev evdev;
    bool has_releases;
    uint64_t release_ns[KEYBOARD_KEYS]; /* when a tapped key goes up; 0: not */
};

/*
 * Open the device of --keyboard, if it was given, and start the thread. Call it
 * before the audio thread starts. Fails with STATUS_OPEN or STATUS_USAGE;
 * nothing is open then.
 */
F4E_MUST_CHECK bool key_input_open(struct key_input *input,
                                   struct engine *engine,
                                   const struct options *options,
                                   struct failure *failure);

/* Control thread: print that the device is gone or back. */
void key_input_report(struct key_input *input);

/* End the thread, restore the terminal. Does nothing when not open. */
void key_input_close(struct key_input *input);

#endif
