/* SPDX-License-Identifier: MIT */
/*
 * OSC by UDP: messages become requests of the channel, its answers and events
 * become messages. docs/osc.md describes both. The only thread.
 */
#ifndef F4E_OSC_H
#define F4E_OSC_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "osc/later.h"
#include "osc/liblo.h"
#include "osc/packet.h"
#include "osc/peer.h"
#include "osc/space.h"
#include "wire/link.h"
#include "wire/loop.h"
#include "wire/wire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OSC_LISTENERS_MAX = 16,
    OSC_ADMITTED_MAX = 64, /* hosts that have sent the token */
    OSC_QUERIES_MAX = 8,   /* of OSCQuery, at the same time */
    OSC_ASKED_MAX = 2048,  /* requests without an answer yet */
    OSC_ASKED_HIGH = 256,  /* with so many no further packet is read ... */
    OSC_ASKED_LOW = 64,    /* ... until so few are left */
    OSC_MATCHES_MAX = 256, /* addresses that one pattern reaches */
    OSC_ERRORS_MAX = 20,   /* told in a second */
};

/* One answer that will come. */
struct osc_asked {
    enum osc_asked_kind {
        ASKED_CHANGE,    /* told if it was refused */
        ASKED_VALUE,     /* of 'node', for 'from' */
        ASKED_SETTLED,   /* likewise, unless that is what he has set */
        ASKED_ENTRIES,   /* of presets, likewise */
        ASKED_LISTENERS, /* what listeners want */
        ASKED_QUERY,     /* values for OSCQuery */
    } kind;
    struct peer from;
    const struct space_node *node;
    struct osc_query *query; /* NULL: it was given up */
};

struct osc_listener {
    bool is_used;
    bool is_new; /* it is due all values */
    uint64_t heard_ns;
    struct peer to;
    struct peer from; /* who has added it */
    /* What it has asked for: addresses and patterns, each with its 0; empty:
     * all that widgets move. */
    struct bytes wanted;
};

/* One request of OSCQuery; osc/query.c. */
struct osc_query {
    bool is_used;
    bool is_failed;
    bool is_old;           /* another version has come since it was begun */
    const char *attribute; /* the only one wanted, or NULL */
    char *path;
    struct bytes values; /* of the nodes, a line of JSON for each request */
    unsigned left;       /* answers to come */
    void (*done)(void *context, unsigned status, const char *json,
                 size_t bytes);
    void *context;
};

struct osc {
    /* Set by the caller. */
    const struct loop *loop;
    const struct link_config *config;
    const struct f4e_patch *patch;
    uint32_t version; /* of the patch, or SPACE_UNVERSIONED */
    int link;
    uint16_t port;                    /* of the socket */
    const struct link_report *report; /* has the addresses of this machine */

    /* Its own. */
    bool has_subscribed; /* an event with all values follows */
    unsigned asked_start;
    unsigned asked_count;
    unsigned admitted_count; /* ever */
    uint32_t overflows;      /* of the socket, as last told by the kernel */
    unsigned errors;         /* so many were told ... */
    uint64_t error_s;        /* ... in this second */
    uint64_t settle_ns; /* when movers have been quiet; feedback_settle() */
    uint64_t timer_ns;  /* what it is set to; 0: nothing */
    uint64_t tried_ns;  /* when the channel was connected to last */

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct space space;
    struct wire wire;
    struct osc_counts counts; /* set by the caller */
    struct watcher watcher;   /* of the socket */
    struct watcher timer;
    struct bytes out;  /* requests of this turn */
    struct bytes line; /* the one being written */
    struct liblo lo;
    struct osc_asked asked[OSC_ASKED_MAX]; /* a ring */
    struct later later;
    struct peer admitted[OSC_ADMITTED_MAX];
    struct osc_listener listeners[OSC_LISTENERS_MAX];
    struct osc_query queries[OSC_QUERIES_MAX];
    _Alignas(8) uint8_t packet[PACKET_BYTES_MAX + 1];
    _Alignas(8) uint8_t plain[PACKET_BYTES_MAX + PACKET_TYPES_ROOM];
};

/* Load the library and learn the addresses. STATUS_LIBRARY. */
F4E_MUST_CHECK bool osc_load(struct osc *osc, struct failure *failure);

/*
 * The code of the patch was exchanged: other addresses, which take over what is
 * known of those that stay. Listeners have what they asked for, as far as it is
 * there, and are told the version. False: no memory, and nothing has changed;
 * else the patch before it is not used any more.
 */
F4E_MUST_CHECK bool osc_renew(struct osc *osc, const struct f4e_patch *patch,
                              uint32_t version);

/* Serve a bound socket, which is not waited for. STATUS_INTERNAL. */
F4E_MUST_CHECK bool osc_start(struct osc *osc, int socket,
                              struct failure *failure);

/* Connect to the channel when there is no connection. */
void osc_tick(struct osc *osc, uint64_t now_ns);

/* This host has shown the token: it may send. */
void osc_admit(struct osc *osc, const struct sockaddr *host);

/* A packet, as if it had come from there; also for tests. */
void osc_take(struct osc *osc, const struct peer *from, const uint8_t *bytes,
              size_t size, uint64_t now_ns);

/* osc/request.c: requests to the channel */

/* Begin one, and add to it. */
void request_start(struct osc *osc);
void request_add(struct osc *osc, const char *format, ...) F4E_PRINTF(2, 3);

/* Queue it. False: there is no room, or no channel; it is counted. */
bool request_end(struct osc *osc, const struct osc_asked *asked);

/* Send what was queued. */
void request_flush(struct osc *osc);

/* osc/send.c: messages to somebody */

/* Values as the channel has them in JSON, as the node shows them. */
void send_value(const struct osc *osc, const struct peer *to,
                const struct space_node *node, const char *json);

/* Texts, each with its 0, the last one followed by another. */
void send_texts(const struct osc *osc, const struct peer *to, const char *path,
                const char *texts);

void send_info(const struct osc *osc, const struct peer *to,
               const struct space_node *node);

/* What is wrong with a message to 'path', in a reply; counted as refused. */
void send_error(struct osc *osc, const struct peer *to, const char *path,
                const char *text);

#endif
