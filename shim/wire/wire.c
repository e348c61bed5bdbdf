/* SPDX-License-Identifier: MIT */
#include "wire/wire.h"

#include "wire/link.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 16384,
    READS = 8,                /* in one turn */
    LINE_MAX_BYTES = 1 << 22, /* more than the channel's longest answer */
};

static void end(struct wire *wire)
{
    wire_close(wire);
    wire->ended(wire->context);
}

static void set_interest(struct wire *wire)
{
    (void)loop_watch(
        wire->loop, &wire->watcher,
        (wire->is_paused ? 0 : (uint32_t)EPOLLIN) |
            (bytes_count(&wire->out) > 0 ? (uint32_t)EPOLLOUT : 0));
}

/* Lines that are complete, as long as they are wanted. */
static void take_lines(struct wire *wire)
{
    while (wire->is_open && !wire->is_paused) {
        char *line = wire->in.data + wire->in.start;
        size_t count = bytes_count(&wire->in);
        char *feed = count > wire->scanned ? memchr(line + wire->scanned, '\n',
                                                    count - wire->scanned)
                                           : NULL;
        if (feed == NULL) {
            wire->scanned = count;
            return;
        }
        size_t length = (size_t)(feed - line);
        *feed = '\0';
        wire->is_paused = !wire->take(wire->context, line, length);
        if (wire->is_open) {
            bytes_drop(&wire->in, length + 1);
            wire->scanned = 0;
        }
    }
}

static void write_some(struct wire *wire)
{
    while (bytes_count(&wire->out) > 0) {
        ssize_t written =
            send(wire->watcher.fd, wire->out.data + wire->out.start,
                 bytes_count(&wire->out), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (written <= 0) {
            return; /* an end is seen by reading */
        }
        bytes_drop(&wire->out, (size_t)written);
    }
}

/* False: nothing more for now, or the wire is closed. */
static bool read_some(struct wire *wire)
{
    char *room = bytes_count(&wire->in) < LINE_MAX_BYTES
                     ? bytes_reserve(&wire->in, READ_BYTES)
                     : NULL;
    ssize_t count = room != NULL
                        ? recv(wire->watcher.fd, room, READ_BYTES, MSG_DONTWAIT)
                        : 0;
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) {
        end(wire);
        return false;
    }
    wire->in.end += count > 0 ? (size_t)count : 0;
    return count > 0;
}

static void serve(void *context, uint32_t events)
{
    struct wire *wire = context;
    (void)events;
    write_some(wire);
    for (int i = 0; i < READS && wire->is_open && !wire->is_paused; i++) {
        if (!read_some(wire)) {
            break;
        }
        take_lines(wire);
    }
    if (wire->is_open) {
        set_interest(wire);
    }
}

bool wire_open(struct wire *wire)
{
    int fd = link_connect(wire->link);
    wire->is_open = fd >= 0;
    wire->is_paused = false;
    wire->scanned = 0;
    wire->watcher = (struct watcher){fd, serve, wire, 0};
    if (wire->is_open && !loop_watch(wire->loop, &wire->watcher, EPOLLIN)) {
        wire_close(wire);
    }
    return wire->is_open;
}

bool wire_send(struct wire *wire, const void *text, size_t bytes)
{
    if (!wire->is_open || !bytes_add(&wire->out, text, bytes)) {
        return false;
    }
    write_some(wire);
    set_interest(wire);
    return true;
}

void wire_resume(struct wire *wire)
{
    if (wire->is_open && wire->is_paused) {
        wire->is_paused = false;
        take_lines(wire);
        if (wire->is_open) {
            set_interest(wire);
        }
    }
}

void wire_close(struct wire *wire)
{
    if (wire->is_open) {
        wire->is_open = false;
        (void)loop_watch(wire->loop, &wire->watcher, 0);
        (void)close(wire->watcher.fd);
    }
    bytes_free(&wire->in);
    bytes_free(&wire->out);
}
