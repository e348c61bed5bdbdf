/* SPDX-License-Identifier: MIT */
/*
 * A patch written by hand, for tests of the shim: what generated glue would
 * define. Its behaviour is steered through its memory, at these bytes.
 * Compiled with FAKE_OUTPUTS (2 unless defined: 0, 1, 2), for a patch whose
 * initDefaults traps FAKE_TRAPS_IN_INIT, for one without names FAKE_NAMELESS,
 * for one that runs on a timer FAKE_TICK_MS, for one without keyboard
 * and MIDI FAKE_KEYLESS, and for one that sends MIDI FAKE_SENDS. fake_names.h
 * lists the names.
 */
#ifndef F4E_FAKE_PATCH_H
#define F4E_FAKE_PATCH_H

enum {
    FAKE_BLOCKS = 0,       /* i32: blocks run since init */
    FAKE_GAIN = 4,         /* f32: of the input on the right; 1 after init */
    FAKE_TRAP_AT = 8,      /* i32: block (FAKE_BLOCKS) that traps; -1: none */
    FAKE_LAST_NOTE = 12,   /* i32: third argument of the last note() */
    FAKE_INITS = 16,       /* i32: calls of init */
    FAKE_OFFSET = 20,      /* f32: added to the left output */
    FAKE_SLEEP_US = 24,    /* i32: how long a block takes at least; a second or
                            * more is said: "asleep" on standard error */
    FAKE_FLOAT_ARG = 28,   /* f32: argument of the last level() */
    FAKE_TINY = 32,        /* f32: FAKE_TINY_IN / 2, computed in each block */
    FAKE_TINY_IN = 36,     /* f32: the smallest normal number after init */
    FAKE_KEY_CODE = 40,    /* i32: of the last key that is down */
    FAKE_KEY_DOWN = 44,    /* i32: 1 while a key is down */
    FAKE_NOTE_COUNT = 48,  /* i32: calls of note() */
    FAKE_NOTE_LOG = 40000, /* three bytes for each of the first 1000 */
    FAKE_ASSET = 64,       /* "asset" */
    FAKE_LEFT = 1024,      /* a ramp: (frame mod 1000) / 1000 - 0.5 */
    FAKE_RIGHT = 1540,     /* input x gain */
    FAKE_INPUT = 2052,
    FAKE_PANEL = 2600, /* widgets */
    FAKE_TABLE = 8192, /* an array of each type, 64 bytes apart */
    FAKE_BIG = 16384,  /* f32[FAKE_BIG_COUNT] */
    FAKE_BIG_COUNT = 4000,
    FAKE_FLOOD = 44000, /* i32: messages to send in each block; FAKE_SENDS */
    FAKE_MEMORY_BYTES = 65536,
    FAKE_SECOND_BYTES = 65536,
    FAKE_BLOCK_FRAMES = 128,
    FAKE_RATE = 48000
};

/* What the left output is at a frame. */
float fake_ramp(unsigned long frame);

#endif
