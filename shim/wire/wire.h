/* SPDX-License-Identifier: MIT */
/*
 * A client of the channel in the front: lines in, lines out, never waiting.
 * The only thread.
 */
#ifndef F4E_WIRE_H
#define F4E_WIRE_H

#include "wire/bytes.h"
#include "wire/loop.h"

#include <stdbool.h>
#include <stddef.h>

struct wire {
    /* Set by the caller. */
    const struct loop *loop;
    int link;
    /* A line without its end, which may be changed. False: no more lines
     * until wire_resume(). It may close the wire. */
    bool (*take)(void *context, char *line, size_t length);
    /* The channel is gone: the wire is closed. */
    void (*ended)(void *context);
    void *context;

    /* Its own. */
    bool is_open;
    bool is_paused;
    struct watcher watcher;
    struct bytes in;
    struct bytes out;
    size_t scanned; /* bytes of 'in' that hold no end of a line */
};

/* False: the channel takes no more clients. */
F4E_MUST_CHECK bool wire_open(struct wire *wire);

/* False: no memory, or closed. */
F4E_MUST_CHECK bool wire_send(struct wire *wire, const void *text,
                              size_t bytes);

/* Take lines again. Not from take(). */
void wire_resume(struct wire *wire);

/* Also for one that is closed. */
void wire_close(struct wire *wire);

#endif
