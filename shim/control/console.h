/* SPDX-License-Identifier: MIT */
/*
 * --control: reads lines from standard input, a pipe or a file while the patch
 * plays. Changes go to the audio thread through an inbox; questions are
 * answered at once. Errors are printed and reading goes on. Control thread.
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
    FILE *answers;           /* of get, list and params */
    FILE *errors;
    /* For 'save PATH': writes a state file; NULL: 'save' fails. */
    bool (*save)(void *context, const char *path, struct failure *failure);
    void *context;

    bool is_quitting; /* 'quit' was read */

    /* Its own. */
    const char *path;
    int fd;       /* -1: nothing more to read */
    bool is_ours; /* to close */
    char *text;   /* read, but not yet executed */
    size_t length;
    size_t capacity;
    bool is_skipping; /* the rest of a too long line */
    unsigned line;
    struct event_list waiting; /* to be sent, from waiting_next on */
    size_t waiting_next;
    uint64_t held_ns; /* when reading stopped because the patch does not run */
    bool has_reported;
    size_t sent;
    struct payload *payloads; /* the audio thread may still read them */
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
 * The descriptor to poll() for input. -1 at the end of the input, and while
 * changes wait for room in the inbox.
 */
int console_fd(const struct console *console);

/* The time until console_pump() has to be called again, at most 'most_ms'. */
int console_wait_ms(const struct console *console, int most_ms);

/* Read and execute what has arrived; never waits. 'now_ns': stats_now_ns(). */
void console_pump(struct console *console, uint64_t now_ns);

/* After the audio thread has ended. Also for a zeroed console. */
void console_close(struct console *console);

#endif
