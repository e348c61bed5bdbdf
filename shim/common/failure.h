/* SPDX-License-Identifier: MIT */
/*
 * The error of a program: the first one set is kept. Only main.c tells it and
 * exits with its status. Not for the audio thread while it plays.
 */
#ifndef F4E_FAILURE_H
#define F4E_FAILURE_H

#include "common/attributes.h"
#include "common/banned.h"

#include <stdbool.h>
#include <stdio.h>

/* The exit status of a finished patch; docs/f4e-patch.1 lists the same. */
enum exit_status {
    STATUS_OK = 0,
    STATUS_INTERNAL = 1,
    STATUS_USAGE = 2,
    STATUS_OPEN = 3,     /* the device is missing, busy or forbidden */
    STATUS_HARDWARE = 4, /* the device cannot do what the patch needs */
    STATUS_LOST = 5,     /* the device went away */
    STATUS_TRAP = 6,
    STATUS_XRUNS = 7,             /* more than --max-xruns */
    STATUS_MIDI = 8,              /* asked for, and not there */
    STATUS_LIBRARY = STATUS_MIDI, /* likewise */
    STATUS_FILE = 9,
    STATUS_FORCED = 130
};

struct failure {
    enum exit_status status; /* STATUS_OK: nothing failed */
    char text[512];
    char detail[256]; /* "libjack: its message", or empty */
    char hint[192];   /* what to type instead, or empty */
};

/* Record a failure unless there is one. Always false, to return at once. */
bool failure_set(struct failure *failure, enum exit_status status,
                 const char *format, ...) F4E_PRINTF(3, 4);

/* The same, followed by ": " and what errno says. */
bool failure_set_errno(struct failure *failure, enum exit_status status,
                       const char *format, ...) F4E_PRINTF(3, 4);

/* The same: memory ran out. STATUS_INTERNAL. */
bool failure_set_memory(struct failure *failure);

/* Add a hint to the failure just set; the first hint wins. Always false. */
bool failure_hint(struct failure *failure, const char *format, ...)
    F4E_PRINTF(2, 3);

/* Flush standard output; who read it may have seen enough: "--list | head".
 * STATUS_FILE otherwise. */
void failure_check_output(struct failure *failure);

#endif
