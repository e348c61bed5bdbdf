/* SPDX-License-Identifier: MIT */
/*
 * One who sends requests: lines in, answers out. Answers wait for a slow
 * reader, who is not listened to meanwhile; events do not wait. Control thread.
 */
#ifndef F4E_CLIENT_H
#define F4E_CLIENT_H

#include "channel/channel.h"
#include "channel/subscription.h"
#include "channel/trust.h"
#include "control/event_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
    CLIENT_ID_MAX = 64,          /* bytes of "#ID" without the '#' */
    CLIENT_OUTPUT_LOW = 1 << 16, /* more waits: no events, no requests */
    CLIENT_AWAITED_MAX = 32,     /* answers that wait for the patch */
};

/* An answer that is queued as if all were well, until the patch has made the
 * calls that it is about. */
struct awaited {
    uint64_t first; /* the changes, as the sender counts them */
    uint64_t last;
    uint64_t at;  /* bytes of all that was ever queued before the answer */
    size_t bytes; /* of it */
    uint64_t since_ns;
    bool has_id;
    char id[CLIENT_ID_MAX + 1];
};

struct client {
    struct channel *channel;
    enum trust trust;
    unsigned index; /* in channel->clients */
    int in;         /* -1: closed */
    int out;        /* the same, or standard output; -1: nobody reads */
    bool is_ours;   /* 'in' is, to close */
    bool is_socket;
    bool is_plain;     /* a file: there is no waiting for it */
    bool is_readable;  /* by the last look */
    const char *path;  /* of a pipe, for messages; NULL: a socket */
    FILE *text;        /* answers in text go there; NULL: JSON goes to 'out' */
    uint32_t interest; /* what epoll was told */

    /* Read, and not yet done. */
    char *input;
    size_t length;
    size_t capacity;
    size_t looked;    /* bytes of the line, in which there is no line feed */
    uint64_t rest_ns; /* nothing is read before this time */
    bool is_skipping; /* the rest of a line that is too long */
    bool is_ended;    /* nothing more will come */
    unsigned line;

    /* To be written. */
    char *output;
    size_t output_start;
    size_t output_end;
    size_t output_capacity;
    uint64_t flushed; /* bytes ever */
    unsigned awaited_count;

    /* The request under way: its changes, and what to say then. */
    bool has_id;
    struct event_list waiting;
    size_t waiting_next;
    char *answer;
    size_t answer_bytes;
    uint64_t held_ns; /* since when it waits for the patch; 0: it does not */
    bool has_reported;
    uint64_t first_sent; /* the first change of the request under way */
    uint64_t sent; /* the last change that its answers show; sender_is_done() */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    char id[CLIENT_ID_MAX + 1]; /* of the request under way */
    struct awaited awaited[CLIENT_AWAITED_MAX];
    struct subscription subscription;
};

/* The longest line, and the longest answer, in bytes. */
size_t client_line_max(enum trust trust);
size_t client_answer_max(enum trust trust);

/* Of a descriptor that becomes the client's if 'is_ours'. NULL: no memory. */
struct client *client_create(struct channel *channel, int in, int out,
                             bool is_ours, enum trust trust);

void client_destroy(struct client *client);

/* Nothing more will be read from it. */
void client_end(struct client *client);

/* It has ended, and all was said. */
bool client_is_over(const struct client *client);

/* Nothing may be read before some of its output is. */
bool client_is_choked(const struct client *client);

/* Bytes that may be written now: those before the first answer awaited. */
size_t client_ready_bytes(const struct client *client);

/*
 * What was queued last, 'bytes' of it, is the answer to the request under way,
 * whose calls are the changes 'first' to 'last': it is not written before
 * client_settle() knows how they ended. There is room for one more.
 */
void client_await(struct client *client, size_t bytes, uint64_t first,
                  uint64_t last, uint64_t now_ns);

/* Put other text in the place of the first answer awaited, or leave it if
 * 'text' is NULL; it is awaited no more. */
void client_settle(struct client *client, const char *text, size_t bytes);

/* Queue it; without memory the client gets nothing more. */
void client_put(struct client *client, const char *text, size_t bytes);

/* Write what the reader takes, without waiting. */
void client_flush(struct client *client);

#endif
