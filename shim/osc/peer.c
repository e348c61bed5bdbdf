/* SPDX-License-Identifier: MIT */
#include "osc/peer.h"

#include "common/number.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

socklen_t peer_bytes(const struct peer *peer)
{
    return peer->any.sa_family == AF_INET6 ? sizeof(peer->six)
                                           : sizeof(peer->four);
}

static in_port_t *port_of(struct peer *peer)
{
    return peer->any.sa_family == AF_INET6 ? &peer->six.sin6_port
                                           : &peer->four.sin_port;
}

bool peer_is_same_host(const struct peer *a, const struct peer *b)
{
    if (a->any.sa_family != b->any.sa_family) {
        return false;
    }
    return a->any.sa_family == AF_INET6
               ? memcmp(&a->six.sin6_addr, &b->six.sin6_addr,
                        sizeof(a->six.sin6_addr)) == 0
               : a->four.sin_addr.s_addr == b->four.sin_addr.s_addr;
}

bool peer_is_same(const struct peer *a, const struct peer *b)
{
    struct peer left = *a;
    struct peer right = *b;
    return peer_is_same_host(a, b) && *port_of(&left) == *port_of(&right);
}

void peer_format(const struct peer *peer, char text[PEER_TEXT_MAX])
{
    char host[INET6_ADDRSTRLEN] = "";
    struct peer copy = *peer;
    bool is_six = peer->any.sa_family == AF_INET6;
    const void *bits = is_six ? (const void *)&peer->six.sin6_addr
                              : (const void *)&peer->four.sin_addr;
    if (is_six && IN6_IS_ADDR_V4MAPPED(&peer->six.sin6_addr)) {
        is_six = false; /* IPv4 through a socket of IPv6 */
        bits = &peer->six.sin6_addr.s6_addr[12];
    }
    (void)inet_ntop(is_six ? AF_INET6 : AF_INET, bits, host, sizeof(host));
    (void)snprintf(text, PEER_TEXT_MAX, is_six ? "[%s]:%u" : "%s:%u", host,
                   ntohs(*port_of(&copy)));
}

bool peer_set_port(struct peer *peer, double port)
{
    bool is_port = port >= 1.0 && port <= UINT16_MAX;
    if (is_port) {
        *port_of(peer) = htons((uint16_t)port);
    }
    return is_port;
}

bool peer_set_text(struct peer *peer, const char *text)
{
    char own[PEER_TEXT_MAX];
    uint64_t port = 0;
    const char *colon = strrchr(text, ':');
    peer_format(peer, own);
    size_t host = (size_t)(strrchr(own, ':') - own);
    return colon != NULL && (size_t)(colon - text) == host &&
           strncmp(text, own, host) == 0 &&
           number_in_range(colon + 1, NUMBER_DECIMAL, 1, UINT16_MAX, &port) &&
           peer_set_port(peer, (double)port);
}
