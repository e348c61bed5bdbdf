/* SPDX-License-Identifier: MIT */
/*
 * Who may use the front: a request is judged by the headers that a browser
 * sends truthfully, and by the token. Pure functions.
 */
#ifndef F4E_GATE_H
#define F4E_GATE_H

#include <stdbool.h>
#include <stdint.h>

enum { GATE_COOKIE_MAX = 16 }; /* with the final 0 */

struct gate {
    const char *token; /* LINK_TOKEN_MAX bytes, empty: none is needed */
    const char *host;  /* this machine's name; empty: known as localhost only */
    char cookie[GATE_COOKIE_MAX]; /* the name of ours */
};

/* Headers and arguments; NULL: not there. */
struct gate_request {
    const char *host;
    const char *origin;
    const char *fetch_site; /* Sec-Fetch-Site */
    const char *authorization;
    const char *cookies;
    const char *token; /* ?token= */
    bool is_page;      /* links from elsewhere may lead there */
};

enum gate_verdict {
    GATE_OPEN,
    GATE_GREETED, /* by ?token=: from now on the cookie does */
    GATE_WRONG_HOST,
    GATE_FOREIGN, /* sent by a page from elsewhere */
    GATE_NO_TOKEN,
};

/* 'port' is part of the cookie's name: cookies do not keep ports apart. */
void gate_init(struct gate *gate, const char *token, const char *host,
               uint16_t port);

enum gate_verdict gate_judge(const struct gate *gate,
                             const struct gate_request *request);

/* LINK_TOKEN_MIN to LINK_TOKEN_MAX - 1 letters, digits, '-', '_', '.', '~':
 * the same in an address, a header and a cookie. */
bool gate_is_token(const char *text);

/* Within the machine: 127.0.0.0/8 or ::1. */
bool gate_is_loopback(const char *address);

#endif
