/* SPDX-License-Identifier: MIT */
/* Who sends by UDP, or is sent to: an address and a port. Pure functions. */
#ifndef F4E_PEER_H
#define F4E_PEER_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

struct peer {
    union {
        struct sockaddr any;
        struct sockaddr_in four;
        struct sockaddr_in6 six;
    };
};

enum { PEER_TEXT_MAX = INET6_ADDRSTRLEN + 10 }; /* with the final 0 */

socklen_t peer_bytes(const struct peer *peer);

/* IPv4 is the same through a socket of IPv6. */
bool peer_is_same_host(const struct peer *a, const struct peer *b);
bool peer_is_same(const struct peer *a, const struct peer *b);

/* Within this machine. */
bool peer_is_loopback(const struct peer *peer);

/* 'address' in numbers. */
bool peer_has_address(const struct peer *peer, const char *address);
uint16_t peer_port(const struct peer *peer);

/* "192.168.1.7:9000", "[fe80::1]:9000" */
void peer_format(const struct peer *peer, char text[PEER_TEXT_MAX]);

/* Another port of the same host: of a number, or of a text that has the form of
 * peer_format() and names this host. False: it is none. */
bool peer_set_port(struct peer *peer, double port);
bool peer_set_text(struct peer *peer, const char *text);

#endif
