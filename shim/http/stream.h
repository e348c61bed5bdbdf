/* SPDX-License-Identifier: MIT */
/*
 * An answer that lasts: what a client of the channel is sent becomes the body,
 * at the pace of its reader. The only thread.
 */
#ifndef F4E_STREAM_H
#define F4E_STREAM_H

#include "http/http.h"
#include "wire/bytes.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stream {
    struct wire wire; /* set by the caller, as much as is the caller's */

    /* Its own. */
    struct http *http;
    struct MHD_Connection *connection; /* NULL: nobody reads */
    struct bytes out;
    bool is_suspended;
    bool is_over; /* nothing more comes */
    void (*freed)(void *context);
    void *context;
};

/* Answer with what is put from now on; 'freed' is called at its end. */
void stream_start(struct stream *stream, struct exchange *exchange,
                  const char *type, void (*freed)(void *context),
                  void *context);

/* False when so many bytes wait that no more should be put. */
bool stream_put(struct stream *stream, const char *text, size_t bytes);

/* End it if its reader has left, which nobody tells while it is silent. */
void stream_check(struct stream *stream);

/* The body ends once what waits was read. */
void stream_end(struct stream *stream);

#endif
