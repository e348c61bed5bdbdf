/* SPDX-License-Identifier: MIT */
/*
 * --control: requests to a patch that plays, a line each, and an answer to each
 * in the same order; docs/channel.md lists both. Clients come through sockets,
 * through a pipe or standard input, or from another part of the program.
 * Nobody can make the control thread wait, nor fill its memory. Control thread.
 */
#ifndef F4E_CHANNEL_H
#define F4E_CHANNEL_H

#include "channel/listener.h"
#include "channel/trust.h"
#include "common/failure.h"
#include "control/command.h"
#include "control/sender.h"
#include "report/levels.h"
#include "report/report.h"
#include "rt/engine.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum {
    CHANNEL_CLIENTS_MAX = 64,
    CHANNEL_LISTENERS_MAX = 4,
    CHANNEL_RATE_MAX = 60, /* events a second, of one subscription */
};

struct client;
struct word_table;

struct channel {
    /* Set by the caller, zero otherwise, before anything is opened. */
    struct command_reader reader;
    struct engine *engine;
    const uint8_t *defaults;     /* for 'list': from list_remember() */
    const struct report *report; /* for 'stats', or NULL */
    struct levels *levels;       /* reader 0 is not used here; or NULL */
    bool has_replies;            /* a pipe is answered in JSON too */
    FILE *answers;               /* to a pipe, else */
    /* 'save': all memory to a file while the patch plays; NULL: cannot. */
    bool (*save)(void *context, const char *path, struct failure *failure);
    void *context;

    bool is_quitting; /* 'quit' was read */

    /* Its own. */
    const struct word_table *tables;
    int epoll_fd;
    unsigned listener_count;
    unsigned turn;     /* which client is the first to be served */
    uint64_t pause_ns; /* nobody is accepted before this time */
    uint64_t crowd_ns; /* since when those in 'crowd' were accepted */
    unsigned crowd;
    unsigned patience;  /* for values of one moment, until the next pump */
    size_t input_bytes; /* of all clients */
    bool has_work;      /* more lines are there than fit into one turn */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct client *clients[CHANNEL_CLIENTS_MAX];
    struct listener listeners[CHANNEL_LISTENERS_MAX];
    struct sender sender; /* attach its inbox to the engine */
};

/* The sender and the table of clients; nobody is listened to yet. */
F4E_MUST_CHECK bool channel_init(struct channel *channel,
                                 struct failure *failure);

/*
 * Listen to what an option names: "unix:PATH"; "unix" for the default place,
 * the first free of NAME.sock, NAME-2.sock, ...; "-" for standard input; else
 * a pipe or a file. A pipe stays open when its writers leave. STATUS_FILE.
 */
F4E_MUST_CHECK bool channel_listen(struct channel *channel, const char *where,
                                   struct failure *failure);

/*
 * One more client, on a stream socket that is connected and becomes the
 * channel's, also in case of a failure: STATUS_INTERNAL.
 */
F4E_MUST_CHECK bool channel_attach(struct channel *channel, int fd,
                                   enum trust trust, struct failure *failure);

/* Requests of other rooms, found before those of channel/vocabulary.c. The
 * table lives as long as the channel. */
void channel_add_words(struct channel *channel, struct word_table *table);

/* What to poll() for input. */
int channel_fd(const struct channel *channel);

/* How long to wait at most before channel_pump() is called again. */
int channel_wait_ms(const struct channel *channel, int most_ms);

/*
 * Do what has arrived and send what is due; never waits long, and serves all
 * clients in turn. 'now_ns' is of stats_now_ns().
 */
void channel_pump(struct channel *channel, uint64_t now_ns);

/* Whether the patch has made all changes that clients have sent. */
bool channel_is_idle(const struct channel *channel);

/*
 * The code was exchanged: names are those of another patch from now on, whose
 * changes carry this number. Who has subscribed to something gets an event
 * "version", and all values.
 */
void channel_follow(struct channel *channel, const struct f4e_patch *patch,
                    const uint8_t *defaults, uint32_t version);

/* After the audio thread has ended. Also for a channel that is zeroed. */
void channel_close(struct channel *channel);

#endif
