/* SPDX-License-Identifier: MIT */
#include "channel/receiver.h"

#include "channel/answer.h"
#include "channel/awaited.h"
#include "channel/line.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    READ_BYTES = 4096,
    READS = 16,          /* in one turn */
    LINES = 32,          /* likewise */
    INPUT_MAX = 1 << 23, /* bytes of unfinished lines, of all clients */
};

/*
 * Who sends parts of lines is read again after this time only, or would cost a
 * turn of the control thread for each byte; and the rest of a line that is too
 * long no faster than 64 KiB in such a time.
 */
static const uint64_t REST_NS = UINT64_C(2000000);
static const uint64_t SKIPPING_REST_NS = UINT64_C(10000000);

/* What is read is at most one line that is too long, and then its rest. */
static bool is_too_long(const struct client *client)
{
    const struct channel *channel = client->channel;
    return client->length >= client_line_max(client->trust) ||
           (client->capacity - client->length <= READ_BYTES &&
            client->capacity > (size_t)4 * READ_BYTES &&
            channel->input_bytes + client->capacity > INPUT_MAX);
}

/* Room for more, and one byte to end it. */
static bool make_room(struct client *client)
{
    if (is_too_long(client) && client->is_skipping) {
        client->length = client->looked = 0;
    } else if (is_too_long(client)) {
        struct failure failure = {0};
        (void)failure_set(&failure, STATUS_USAGE,
                          "the line is longer than %zu bytes", client->length);
        client->has_id = false;
        client->line++;
        (void)answer_send(client, &failure, NULL, 0);
        client->line--;
        client->is_skipping = true;
        client->length = client->looked = 0;
    }
    if (client->capacity - client->length <= READ_BYTES) {
        size_t larger = client->capacity * 2 + (size_t)2 * READ_BYTES;
        char *input = realloc(client->input, larger);
        if (input == NULL) {
            return false;
        }
        client->channel->input_bytes += larger - client->capacity;
        client->input = input;
        client->capacity = larger;
    }
    return true;
}

/* False: nothing there, for now or for ever. */
static bool read_more(struct client *client)
{
    struct pollfd fd = {.fd = client->in, .events = POLLIN};
    if (client->is_ended || client_is_choked(client) || client->rest_ns != 0 ||
        !(client->is_readable || client->is_plain)) {
        return false;
    }
    /* Standard input may block others' reads, so its mode is left alone. */
    if ((!client->is_socket && poll(&fd, 1, 0) <= 0) || !make_room(client)) {
        client->is_readable = false;
        return false;
    }
    char *end = client->input + client->length;
    ssize_t bytes = client->is_socket
                        ? recv(client->in, end, READ_BYTES, MSG_DONTWAIT)
                        : read(client->in, end, READ_BYTES);
    if (bytes > 0) {
        client->length += (size_t)bytes;
        return true;
    }
    client->is_readable = false;
    if (bytes == 0 || (errno != EAGAIN && errno != EINTR)) {
        client_end(client);
        /* Who was cut off in the middle of a line did not mean its half. */
        client->length = client->is_socket ? line_ends(client) : client->length;
    }
    return false;
}

static void shrink_input(struct client *client)
{
    if (client->length == 0 && client->capacity > (size_t)4 * READ_BYTES) {
        client->channel->input_bytes -= client->capacity;
        free(client->input);
        client->input = NULL;
        client->capacity = 0;
    }
}

/* What was read has no end of a line. */
static void begin_rest(struct client *client, uint64_t now_ns)
{
    client->rest_ns =
        now_ns + (client->is_skipping ? SKIPPING_REST_NS : REST_NS);
}

static void end_rest(struct client *client, uint64_t now_ns)
{
    if (client->rest_ns != 0 && now_ns >= client->rest_ns) {
        client->rest_ns = 0;
        client->is_readable = true; /* perhaps */
    }
}

bool receiver_serve(struct client *client, uint64_t now_ns)
{
    unsigned lines = LINES;
    bool has_read = false;
    awaited_settle(client, now_ns);
    client_flush(client);
    end_rest(client, now_ns);
    for (int i = 0; i < READS; i++) {
        if (!line_run_some(client, &lines, now_ns) || lines == 0 ||
            client->channel->is_quitting || !read_more(client)) {
            break;
        }
        has_read = true;
    }
    if (has_read && lines == LINES && client->held_ns == 0 &&
        !client->is_ended && !client->is_plain) {
        begin_rest(client, now_ns);
    }
    if (lines > 0 && client->is_ended && !client->channel->is_quitting) {
        (void)line_run_some(client, &lines, now_ns);
    }
    shrink_input(client);
    awaited_settle(client, now_ns);
    client_flush(client);
    return client->held_ns == 0 && !client_is_choked(client) &&
           (lines == 0 || (client->is_plain && !client->is_ended));
}
