/* SPDX-License-Identifier: MIT */
/* Lines said to a word of scripts and the channel. */
#ifndef F4E_SPOKEN_H
#define F4E_SPOKEN_H

#include "control/command.h"
#include "control/event_list.h"

#include <stdbool.h>

/* What the last line was answered: its text, or what is wrong. */
extern char spoken_answer[4096];

/* The hint of the last failure; "": there was none. */
extern char spoken_hint[256];

/* Say 'text', which comes behind the word; its changes are added to 'events',
 * which the caller frees. Whether it was taken. */
bool spoken(struct command_word word, const char *text,
            struct event_list *events);

#endif
