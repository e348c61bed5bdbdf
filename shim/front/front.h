/* SPDX-License-Identifier: MIT */
/*
 * --http and --osc: the process that serves them, as the playing process sees
 * it. It is this program started again; when it dies it is started anew, less
 * and less often. Control thread.
 */
#ifndef F4E_FRONT_H
#define F4E_FRONT_H

#include "channel/channel.h"
#include "common/failure.h"
#include "front/front_versions.h"
#include "options/settings.h"
#include "report/osc_counts.h"
#include "wire/link.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { FRONT_CLIENTS_MAX = 32 }; /* connections to the channel */

struct front {
    /* Set by the caller, zero otherwise. */
    const char *program;
    const struct options *options;
    struct channel *channel;
    /* Whether to play without what has failed, which it prints. */
    bool (*can_miss)(void *context, const char *option);
    void *context;
    const struct front_versions *versions; /* NULL: there is one only */

    uint64_t restarts;

    /* Its own. */
    bool has_http;
    bool has_osc;
    pid_t pid;           /* 0: none */
    int link;            /* to it */
    int names;           /* likewise, for versions; or -1 */
    uint32_t version;    /* of the patch */
    bool is_untold;      /* it does not know that yet */
    bool is_serving;     /* it has said so */
    uint64_t started_ns; /* the last one */
    uint64_t due_ns;     /* when to start the next; 0: never */
    uint64_t delay_ns;   /* what the next one after it waits */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct osc_counts osc;        /* of all processes that have served */
    struct osc_counts osc_before; /* of those that have died */
    struct link_config config;
};

/*
 * Start it if an option asks for it, and wait until it serves; print where.
 * What is wrong with the options or the network is STATUS_FILE, a library that
 * is missing STATUS_LIBRARY.
 */
F4E_MUST_CHECK bool front_open(struct front *front, struct failure *failure);

/* What to poll() for input, or -1. */
int front_fd(const struct front *front);

/* How long to wait at most before front_pump() is called again. */
int front_wait_ms(const struct front *front, uint64_t now_ns, int most_ms);

/* Give it what it asks for; start it again when it is due. */
void front_pump(struct front *front, uint64_t now_ns);

/* The channel has another version of the patch. */
void front_follow(struct front *front, uint32_t version);

/* End it. Also for one that is zeroed. */
void front_close(struct front *front);

#endif
