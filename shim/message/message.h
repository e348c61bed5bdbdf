/* SPDX-License-Identifier: MIT */
/*
 * Lines about the run, after the program's name: "patch: midi    2 messages
 * lost". Each is written by one call, so that what other processes write there
 * stays apart, and is safe for a terminal whatever names are in it
 * (common/print.h). Any thread but the audio thread while it plays.
 */
#ifndef F4E_MESSAGE_H
#define F4E_MESSAGE_H

#include "common/attributes.h"
#include "common/banned.h"
#include "common/failure.h"

#include <stdio.h>

/* Those of syslog. */
enum priority {
    PRIORITY_ERROR = 3,
    PRIORITY_WARNING = 4,
    PRIORITY_NOTICE = 5,
    PRIORITY_INFO = 6
};

enum { MESSAGE_MAX = 4096 }; /* bytes of a text with its '\0'; more is cut */

/*
 * Messages go to that file, standard error as a rule; both are kept. Until then
 * there are none. If it is the journal of systemd, lines begin with their
 * priority, "<4>" say. Before there are other threads.
 */
void message_start(const char *program, FILE *file);

/* A line, without its end. It replaces what message_status() shows. */
void message(enum priority priority, const char *format, ...) F4E_PRINTF(2, 3);

/* A line of information to that file, or with the others for NULL. */
void message_to(FILE *file, const char *format, ...) F4E_PRINTF(2, 3);

/* What failed, its detail and its hint, a line each. */
void message_failure(const struct failure *failure);

/* Show a text on the terminal's last line, in place of the one before; NULL
 * takes it off. One thread. */
void message_status(const char *text);

#endif
