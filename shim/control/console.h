/* SPDX-License-Identifier: MIT */
/*
 * --control: lines from standard input, a pipe or a file change the patch while
 * it plays. Control thread; what changes the patch goes through an inbox.
 * Errors are told and end nothing.
 */
#ifndef F4E_CONSOLE_H
#define F4E_CONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "control/command.h"
#include "control/event_list.h"
#include "rt/inbox.h"

enum { CONSOLE_MESSAGES = 256 };

struct console {
    /* Set by the caller before console_open(). */
    struct command_reader reader;
    const uint8_t *defaults; /* for 'list': from list_remember() */
    FILE *answers;           /* of 'get' and its like */
    FILE *errors;
    /* 'save': all memory to a file while the patch plays; NULL: cannot. */
    bool (*save)(void *context, const char *path, struct failure *failure);
    void *context;

    bool is_quitting; /* 'quit' was read */

    /* Its own. */
    const char *path;
    int fd;       /* -1: nothing more to read */
    bool is_ours; /* to close */
    char *text;   /* read, and not yet done */
    size_t length;
    size_t capacity;
    bool is_skipping; /* the rest of a line that is too long */
    unsigned line;
    struct event_list waiting; /* not all sent: the inbox was full */
    size_t waiting_next;
    uint64_t held_ns; /* since when reading has been stopped, 0: it is not */
    bool has_told;
    size_t sent;
    struct payload *payloads; /* that the audio thread may still read */
    struct inbox inbox;
    struct inbox_slot slots[CONSOLE_MESSAGES];
};

/*
 * "-" is standard input; a named pipe stays open when its writers leave. Fails
 * with STATUS_FILE. The caller attaches 'inbox' to the engine.
 */
F4E_MUST_CHECK bool console_open(struct console *console, const char *path,
                                 struct failure *failure);

/*
 * What to poll() for input, or -1: nothing is to be read now, either because
 * the end was reached or because something waits for the patch.
 */
int console_fd(const struct console *console);

/* How long to wait at most before console_pump() is called again. */
int console_wait_ms(const struct console *console, int most_ms);

/* Do what has arrived; never waits. 'now_ns' is the system's clock. */
void console_pump(struct console *console, uint64_t now_ns);

/* After the audio thread has ended. Also for a console that is zeroed. */
void console_close(struct console *console);

#endif
