/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* getifaddrs, SOCK_NONBLOCK */
#include "front/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 64, SEARCHED_PORTS = 32 };

union address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

/* Its length, or 0 when it is none. */
static socklen_t parse(union address *address, const char *text, uint16_t port)
{
    *address = (union address){
        .six = {.sin6_family = AF_INET6, .sin6_port = htons(port)}};
    if (inet_pton(AF_INET6, text, &address->six.sin6_addr) == 1) {
        return sizeof(address->six);
    }
    *address = (union address){
        .four = {.sin_family = AF_INET, .sin_port = htons(port)}};
    return inet_pton(AF_INET, text, &address->four.sin_addr) == 1
               ? sizeof(address->four)
               : 0;
}

static int listen_at(int type, const union address *address, socklen_t length)
{
    static const int yes = 1;
    int fd =
        socket(address->any.sa_family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    bool is_stream = type == SOCK_STREAM;
    /* With UDP it would let two programs have one port. */
    if (fd >= 0 && ((is_stream && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes,
                                             sizeof(yes)) != 0) ||
                    bind(fd, &address->any, length) != 0 ||
                    (is_stream && listen(fd, BACKLOG) != 0))) {
        int error = errno;
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

/* The port that the system chose. */
static uint16_t port_of(int fd)
{
    union address address = {.six = {0}};
    socklen_t length = sizeof(address);
    (void)getsockname(fd, &address.any, &length);
    return ntohs(address.any.sa_family == AF_INET6 ? address.six.sin6_port
                                                   : address.four.sin_port);
}

int address_listen(int type, const char *address, uint16_t *port,
                   bool is_searching, struct failure *failure)
{
    union address place;
    int fd = -1;
    int tries = is_searching ? SEARCHED_PORTS : 1;
    for (int i = 0; fd < 0 && i < tries && *port + i <= UINT16_MAX; i++) {
        socklen_t length = parse(&place, address, (uint16_t)(*port + i));
        fd = length > 0 ? listen_at(type, &place, length) : -1;
        if (fd < 0 && errno != EADDRINUSE) {
            break;
        }
    }
    if (fd < 0) {
        int error = errno;
        (void)failure_set(failure, STATUS_FILE,
                          "cannot listen at %s port %u: %s", address, *port,
                          strerror(error));
        if (error == EADDRINUSE) {
            (void)failure_hint(failure, "--%s=0 takes any port that is free",
                               type == SOCK_STREAM ? "http" : "osc");
        }
        return -1;
    }
    *port = port_of(fd);
    return fd;
}

static void add_addresses(struct link_report *report,
                          const struct ifaddrs *list, int family)
{
    for (; list != NULL && report->address_count < LINK_ADDRESSES_MAX;
         list = list->ifa_next) {
        const union address *address = (const void *)list->ifa_addr;
        char *text = report->addresses[report->address_count];
        if (address == NULL || address->any.sa_family != family ||
            (list->ifa_flags & IFF_LOOPBACK) != 0 ||
            (family == AF_INET6 &&
             IN6_IS_ADDR_LINKLOCAL(&address->six.sin6_addr))) {
            continue;
        }
        const void *bits = family == AF_INET6
                               ? (const void *)&address->six.sin6_addr
                               : (const void *)&address->four.sin_addr;
        if (inet_ntop(family, bits, text, LINK_ADDRESS_MAX) != NULL) {
            report->address_count++;
        }
    }
}

void address_describe(struct link_report *report)
{
    struct ifaddrs *list = NULL;
    if (gethostname(report->host, sizeof(report->host)) != 0) {
        report->host[0] = '\0';
    }
    report->host[sizeof(report->host) - 1] = '\0';
    if (getifaddrs(&list) == 0) {
        add_addresses(report, list, AF_INET);
        add_addresses(report, list, AF_INET6);
        freeifaddrs(list);
    }
}
