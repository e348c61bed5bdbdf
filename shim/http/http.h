/* SPDX-License-Identifier: MIT */
/*
 * The front's HTTP server: who may ask, how much, and which function answers.
 * What answers an exchange may do so later (http_wait(), http_stream()). The
 * only thread.
 */
#ifndef F4E_HTTP_H
#define F4E_HTTP_H

#include "http/gate.h"
#include "http/microhttpd.h"
#include "http/rate.h"
#include "wire/bytes.h"
#include "wire/link.h"
#include "wire/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum {
    HTTP_BODY_MAX = 1 << 16,
    HTTP_CONNECTIONS_MAX = 64,
    HTTP_CONNECTIONS_OF_ONE = 32, /* from one address */
    HTTP_RATE = 500, /* requests a second, after a burst of these */
};

struct exchange;
struct http;

/* A path and what answers there. */
struct http_route {
    char method[5]; /* "GET" (also HEAD) or "POST" */
    char path[16];
    bool is_page; /* links from elsewhere may lead there */
    /* The whole request is there; queue an answer, or wait. */
    void (*answer)(struct exchange *exchange);
};

struct http {
    /* Set by the caller. */
    const struct loop *loop;
    const struct link_config *config;
    const struct http_route *routes;
    size_t route_count;
    /* Paths that no route has; NULL: there is nothing. */
    void (*other)(struct exchange *exchange);
    /* Who has shown the token; NULL: nobody wants to know. */
    void (*meet)(void *context, const struct sockaddr *from);
    void *context; /* of the routes */

    /* Its own. */
    struct microhttpd mhd;
    struct MHD_Daemon *daemon;
    struct gate gate;
    struct rate rate;
    bool has_resumed; /* the library does not end a wait for it */
};

/* One request and its answer. */
struct exchange {
    struct http *http;
    struct MHD_Connection *connection;
    const struct http_route *route; /* NULL: http->other */
    const char *path;               /* while answer() runs */
    struct bytes body;              /* ends with a 0 that does not count */
    bool is_answered;
    bool is_waiting; /* suspended until http_answer() */
    bool is_greeted; /* the answer sets the cookie */
    bool is_too_large;
    const char *allowed; /* methods of the path, when another one was used */
    unsigned status;     /* of an answer that is ready while it waits */
    const char *type;
    struct bytes text;
    /* Called when it is over before it was answered, or NULL. */
    void (*forget)(void *context, struct exchange *exchange);
    void *context;
};

/* Load the library. STATUS_LIBRARY. */
F4E_MUST_CHECK bool http_load(struct http *http, struct failure *failure);

/* Serve on a socket that listens. 'host' is this machine's name. */
F4E_MUST_CHECK bool http_start(struct http *http, int listener, uint16_t port,
                               const char *host, struct failure *failure);

/* Wait at most so long for a request or for the loop, and serve both. */
void http_serve(struct http *http, int wait_ms);

/* "name=..." of the address or a header, or NULL. */
const char *http_argument(const struct exchange *exchange, const char *name);
const char *http_header(const struct exchange *exchange, const char *name);

/* The first of the address that has a name alone, "?NAME", or NULL. */
const char *http_flag(const struct exchange *exchange);

/* Answer with a copy of the text; also one that waits. */
void http_answer(struct exchange *exchange, unsigned status, const char *type,
                 const char *text, size_t bytes);

/* Likewise with {"ok":false,"error":TEXT}; 'text' needs no escapes. */
void http_refuse(struct exchange *exchange, unsigned status, const char *text);

/* Answer with bytes that stay, and headers of the caller's. */
void http_send(struct exchange *exchange, unsigned status,
               struct MHD_Response *response);

/* http_answer() will be called later. */
void http_wait(struct exchange *exchange);

/* Let a suspended connection go on: the next http_serve() does not wait. */
void http_resume(struct http *http, struct MHD_Connection *connection);

/* An answer that has no end yet: 'read' gives bytes, or 0 after
 * suspend_connection(); 'freed' is called at its end. */
void http_stream(struct exchange *exchange, const char *type,
                 microhttpd_reader *read, void *context,
                 void (*freed)(void *context));

#endif
