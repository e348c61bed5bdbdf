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

/* The bits of the address, 4 or 16 bytes; IPv4 through a socket of IPv6 too. */
static const uint8_t *bits_of(const struct peer *peer, size_t *bytes)
{
    const uint8_t *six = peer->six.sin6_addr.s6_addr;
    bool is_six = peer->any.sa_family == AF_INET6;
    if (is_six && !IN6_IS_ADDR_V4MAPPED(&peer->six.sin6_addr)) {
        *bytes = sizeof(peer->six.sin6_addr);
        return six;
    }
    *bytes = sizeof(peer->four.sin_addr);
    return is_six ? six + 12 : (const uint8_t *)&peer->four.sin_addr;
}

bool peer_is_same_host(const struct peer *a, const struct peer *b)
{
    size_t left_bytes = 0;
    size_t right_bytes = 0;
    const uint8_t *left = bits_of(a, &left_bytes);
    const uint8_t *right = bits_of(b, &right_bytes);
    return left_bytes == right_bytes && memcmp(left, right, left_bytes) == 0;
}

bool peer_is_loopback(const struct peer *peer)
{
    size_t bytes = 0;
    const uint8_t *bits = bits_of(peer, &bytes);
    return bytes == 4 ? bits[0] == 127
                      : IN6_IS_ADDR_LOOPBACK(&peer->six.sin6_addr);
}

bool peer_has_address(const struct peer *peer, const char *address)
{
    uint8_t own[sizeof(struct in6_addr)];
    size_t bytes = 0;
    const uint8_t *bits = bits_of(peer, &bytes);
    return inet_pton(bytes == 4 ? AF_INET : AF_INET6, address, own) == 1 &&
           memcmp(own, bits, bytes) == 0;
}

uint16_t peer_port(const struct peer *peer)
{
    struct peer copy = *peer;
    return ntohs(*port_of(&copy));
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
    size_t bytes = 0;
    const uint8_t *bits = bits_of(peer, &bytes);
    bool is_six = bytes > 4;
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
