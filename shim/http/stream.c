/* SPDX-License-Identifier: MIT */
#include "http/stream.h"

#include <string.h>
#include <sys/socket.h>

/* What is old when it arrives is of no use: the channel drops events then. */
enum { WAITING_MAX = 1 << 14 };

static ssize_t read_stream(void *context, uint64_t position, char *buffer,
                           size_t most)
{
    struct stream *stream = context;
    struct bytes *out = &stream->out;
    (void)position;
    if (bytes_count(out) == 0) {
        wire_resume(&stream->wire);
    }
    size_t count = bytes_count(out) < most ? bytes_count(out) : most;
    if (count > 0) {
        memcpy(buffer, out->data + out->start, count);
        bytes_drop(out, count);
        return (ssize_t)count;
    }
    if (stream->is_over) {
        return MICROHTTPD_END_OF_STREAM;
    }
    stream->is_suspended = true;
    stream->http->mhd.suspend_connection(stream->connection);
    return 0;
}

static void finish(void *context)
{
    struct stream *stream = context;
    stream->connection = NULL;
    stream->is_suspended = false;
    bytes_free(&stream->out);
    stream->freed(stream->context);
}

void stream_start(struct stream *stream, struct exchange *exchange,
                  const char *type, void (*freed)(void *context), void *context)
{
    stream->http = exchange->http;
    stream->connection = exchange->connection;
    stream->is_suspended = false;
    stream->is_over = false;
    stream->freed = freed;
    stream->context = context;
    http_stream(exchange, type, read_stream, stream, finish);
}

static void wake(struct stream *stream)
{
    if (stream->is_suspended) {
        stream->is_suspended = false;
        http_resume(stream->http, stream->connection);
    }
}

bool stream_put(struct stream *stream, const char *text, size_t bytes)
{
    if (stream->connection == NULL || !bytes_add(&stream->out, text, bytes)) {
        stream_end(stream);
        return false;
    }
    wake(stream);
    return bytes_count(&stream->out) < WAITING_MAX;
}

void stream_end(struct stream *stream)
{
    stream->is_over = true;
    wake(stream);
}

void stream_check(struct stream *stream)
{
    char byte;
    const int *fd = stream->is_suspended
                        ? stream->http->mhd.get_connection_info(
                              stream->connection, MICROHTTPD_INFO_CONNECTION_FD)
                        : NULL;
    if (fd != NULL && recv(*fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        stream_end(stream);
    }
}
