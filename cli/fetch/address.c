/* SPDX-License-Identifier: MIT */
#include "fetch/address.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

struct block {
    unsigned char bytes[8]; /* the first 'bits' of them */
    unsigned bits;
};

/* RFC 6890 and its successors. */
static const struct block blocks4[] = {
    {{0}, 8},
    {{10}, 8},
    {{100, 64}, 10},
    {{127}, 8},
    {{169, 254}, 16},
    {{172, 16}, 12},
    {{192, 0, 0}, 24},
    {{192, 0, 2}, 24},
    {{192, 88, 99}, 24},
    {{192, 168}, 16},
    {{198, 18}, 15},
    {{198, 51, 100}, 24},
    {{203, 0, 113}, 24},
    {{224}, 3},
};

/* Of 2000::/3, outside of which nothing is public. */
static const struct block blocks6[] = {
    {{0x20, 0x01, 0x00, 0x00}, 23}, /* tunnels, benchmarks, ORCHID */
    {{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation */
    {{0x20, 0x02}, 16},             /* 6to4: any IPv4 address */
    {{0x3f, 0xff}, 20},             /* documentation */
};

static bool is_in(const unsigned char *bytes, const struct block *block)
{
    for (unsigned i = 0; i < block->bits; i++) {
        unsigned mask = 0x80U >> i % 8;
        if (((bytes[i / 8] ^ block->bytes[i / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

bool address_is_public(const unsigned char *bytes, size_t size)
{
    static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
    if (size == 16 && memcmp(bytes, mapped, sizeof(mapped)) == 0) {
        return address_is_public(bytes + sizeof(mapped), 4);
    }
    if (size == 16 && (bytes[0] & 0xe0) != 0x20) {
        return false;
    }
    const struct block *blocks = size == 16 ? blocks6 : blocks4;
    size_t count = size == 16 ? sizeof(blocks6) / sizeof(blocks6[0])
                              : sizeof(blocks4) / sizeof(blocks4[0]);
    for (size_t i = 0; i < count; i++) {
        if (is_in(bytes, &blocks[i])) {
            return false;
        }
    }
    return true;
}

static const void *address_bytes(const struct addrinfo *info, size_t *size)
{
    const void *address = info->ai_addr;
    if (info->ai_family == AF_INET) {
        *size = 4;
        return &((const struct sockaddr_in *)address)->sin_addr;
    }
    *size = 16;
    return &((const struct sockaddr_in6 *)address)->sin6_addr;
}

static const char *choose(const struct addrinfo *list, bool allows_any,
                          struct arena *arena)
{
    for (const struct addrinfo *info = list; info != NULL;
         info = info->ai_next) {
        char text[INET6_ADDRSTRLEN];
        size_t size = 0;
        if (info->ai_family != AF_INET && info->ai_family != AF_INET6) {
            continue;
        }
        const void *bytes = address_bytes(info, &size);
        if ((allows_any || address_is_public(bytes, size)) &&
            inet_ntop(info->ai_family, bytes, text, sizeof(text)) != NULL) {
            return arena_copy(arena, text, strlen(text));
        }
    }
    return NULL;
}

bool address_find(const char **digits, const struct url *url, bool allows_any,
                  struct arena *arena, struct diag *diag)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC,
                                   .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int error = getaddrinfo(url->host, url->port, &hints, &list);
    if (error != 0) {
        return diag_tool(diag, "host '%s': %s", url->host, gai_strerror(error));
    }
    *digits = choose(list, allows_any, arena);
    freeaddrinfo(list);
    if (*digits == NULL) {
        (void)diag_input(diag, -1,
                         "'%s' is on a host of this machine or of a private "
                         "network",
                         url->text);
        return diag_hint(diag, "--allow-private fetches from there, too");
    }
    return true;
}
