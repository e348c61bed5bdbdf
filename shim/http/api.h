/* SPDX-License-Identifier: MIT */
/*
 * The channel by HTTP: requests, and events as they are sent to pages
 * (text/event-stream). docs/live.md describes both. The only thread.
 */
#ifndef F4E_API_H
#define F4E_API_H

#include "http/http.h"
#include "http/stream.h"

#include <stdint.h>

enum {
    API_ANSWERS_MAX = 8,   /* requests at the same time */
    API_SESSIONS_MAX = 16, /* pages that are sent events */
    API_PENDING_MAX = 16,  /* subscriptions of one page that wait */
    API_SESSION_ID_MAX = 65,
    API_MARK_MAX = 33,
};

struct api;

/* One POST to /api/request. */
struct api_answers {
    struct stream stream;
    bool is_used;
    bool is_complete;        /* the answer to our own last line came */
    char mark[API_MARK_MAX]; /* its #ID, which nobody can guess */
};

/* One page. */
struct api_session {
    struct stream stream;
    bool is_used;
    char id[API_SESSION_ID_MAX];
    uint64_t spoken_ns;
    struct exchange *pending[API_PENDING_MAX]; /* in order; NULL: it left */
    unsigned pending_count;
};

struct api {
    /* Set by the caller. */
    const struct loop *loop;
    const struct link_config *config;
    int link;

    /* Its own. */
    struct api_answers answers[API_ANSWERS_MAX];
    struct api_session sessions[API_SESSIONS_MAX];
};

/* Routes; the context of their http is a front_process. */
void api_request(struct exchange *exchange, struct api *api);
void api_events(struct exchange *exchange, struct api *api);
void api_subscribe(struct exchange *exchange, struct api *api);

/* Keep silent connections alive, and end those that were left. */
void api_tick(struct api *api, uint64_t now_ns);

#endif
