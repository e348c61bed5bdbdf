/* SPDX-License-Identifier: MIT */
#include "channel/client.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

size_t client_line_max(enum trust trust)
{
    return trust == TRUST_LOCAL ? COMMAND_LINE_MAX : 1 << 16;
}

size_t client_answer_max(enum trust trust)
{
    return trust == TRUST_LOCAL ? 1 << 22 : 1 << 20;
}

struct client *client_create(struct channel *channel, int in, int out,
                             bool is_ours, enum trust trust)
{
    struct client *client = calloc(1, sizeof(*client));
    if (client != NULL) {
        client->channel = channel;
        client->in = in;
        client->out = out;
        client->is_ours = is_ours;
        client->trust = trust;
        client->sent = channel->sender.sent; /* it asks after all before it */
    }
    return client;
}

void client_end(struct client *client)
{
    client->is_ended = true;
    if (client->is_ours && !client->is_socket) {
        (void)close(client->in);
        client->in = -1;
    }
}

/* Nobody takes answers any more; what was said still counts. */
static void stop_writing(struct client *client)
{
    client->output_start = client->output_end = 0;
    client->awaited_count = 0;
    client->out = -1;
    subscription_end(&client->subscription);
}

void client_destroy(struct client *client)
{
    stop_writing(client);
    if (client->is_ours && client->in >= 0) {
        (void)close(client->in);
    }
    client->channel->input_bytes -= client->capacity;
    event_list_free(&client->waiting);
    free(client->answer);
    free(client->input);
    free(client->output);
    free(client);
}

bool client_is_choked(const struct client *client)
{
    return client->output_end - client->output_start > CLIENT_OUTPUT_LOW;
}

bool client_is_over(const struct client *client)
{
    return client->is_ended && client->length == 0 && client->answer == NULL &&
           client->waiting.count == 0 &&
           client->output_end == client->output_start;
}

void client_put(struct client *client, const char *text, size_t bytes)
{
    if (client->text != NULL) {
        (void)fwrite(text, 1, bytes, client->text);
        (void)fflush(client->text);
        return;
    }
    size_t used = client->output_end - client->output_start;
    if (client->out < 0) {
        return;
    }
    if (client->output_capacity - client->output_end < bytes) {
        size_t larger = used + bytes > 4096 ? used + bytes : 4096;
        char *output = malloc(larger);
        if (output == NULL) {
            stop_writing(client);
            return;
        }
        if (used > 0) {
            memcpy(output, client->output + client->output_start, used);
        }
        free(client->output);
        client->output = output;
        client->output_start = 0;
        client->output_end = used;
        client->output_capacity = larger;
    }
    memcpy(client->output + client->output_end, text, bytes);
    client->output_end += bytes;
}

size_t client_ready_bytes(const struct client *client)
{
    return client->awaited_count > 0
               ? (size_t)(client->awaited[0].at - client->flushed)
               : client->output_end - client->output_start;
}

void client_await(struct client *client, size_t bytes, uint64_t first,
                  uint64_t last, uint64_t now_ns)
{
    size_t queued = client->output_end - client->output_start;
    struct awaited *awaited = &client->awaited[client->awaited_count];
    if (bytes > queued) {
        return; /* nobody reads any more */
    }
    *awaited = (struct awaited){.first = first,
                                .last = last,
                                .at = client->flushed + queued - bytes,
                                .bytes = bytes,
                                .since_ns = now_ns,
                                .has_id = client->has_id};
    memcpy(awaited->id, client->id, sizeof(awaited->id));
    client->awaited_count++;
}

/* Let a part of the output have another text. False: no memory. */
static bool replace(struct client *client, size_t at, size_t bytes,
                    const char *text, size_t new_bytes)
{
    size_t used = client->output_end - client->output_start;
    size_t larger = used - bytes + new_bytes;
    char *output = malloc(larger);
    if (output == NULL) {
        return false;
    }
    const char *old = client->output + client->output_start;
    memcpy(output, old, at);
    memcpy(output + at, text, new_bytes);
    memcpy(output + at + new_bytes, old + at + bytes, used - at - bytes);
    free(client->output);
    client->output = output;
    client->output_start = 0;
    client->output_end = client->output_capacity = larger;
    return true;
}

void client_settle(struct client *client, const char *text, size_t bytes)
{
    const struct awaited first = client->awaited[0];
    client->awaited_count--;
    memmove(client->awaited, client->awaited + 1,
            client->awaited_count * sizeof(*client->awaited));
    if (text != NULL && replace(client, (size_t)(first.at - client->flushed),
                                first.bytes, text, bytes)) {
        for (unsigned i = 0; i < client->awaited_count; i++) {
            client->awaited[i].at += bytes - first.bytes;
        }
    }
}

void client_flush(struct client *client)
{
    size_t bytes;
    while ((bytes = client_ready_bytes(client)) > 0) {
        const char *text = client->output + client->output_start;
        ssize_t written;
        if (client->is_socket) {
            written =
                send(client->out, text, bytes, MSG_DONTWAIT | MSG_NOSIGNAL);
        } else {
            /* Its mode is shared with others; so many bytes find room in what
             * poll() calls writable. */
            struct pollfd fd = {.fd = client->out, .events = POLLOUT};
            bytes = bytes < PIPE_BUF ? bytes : PIPE_BUF;
            errno = EAGAIN;
            written =
                poll(&fd, 1, 0) > 0 ? write(client->out, text, bytes) : -1;
        }
        if (written < 0) {
            if (errno != EAGAIN && errno != EINTR) {
                stop_writing(client);
            }
            return;
        }
        client->output_start += (size_t)written;
        client->flushed += (size_t)written;
    }
    if (client->output_end > client->output_start) {
        return; /* the rest waits for the patch */
    }
    client->output_start = client->output_end = 0;
    if (client->output_capacity > CLIENT_OUTPUT_LOW) {
        free(client->output);
        client->output = NULL;
        client->output_capacity = 0;
    }
}
