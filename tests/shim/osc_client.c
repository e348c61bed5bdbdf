/* SPDX-License-Identifier: MIT */
#include "osc_client.h"

#include <arpa/inet.h>
#include <check.h>
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "program.h"

static uint16_t port;
static char root[512];

uint16_t osc_port(void)
{
    size_t bytes = 0;
    program_wait_for(": osc     osc.udp://");
    char *err = (char *)program_read_file("child.err", &bytes);
    const char *at = strstr(err, "osc.udp://");
    ck_assert_ptr_nonnull(at);
    at += strlen("osc.udp://");
    const char *slash = strchr(at, '/');
    ck_assert_ptr_nonnull(slash);
    while (*slash != ':') {
        slash--;
    }
    port = (uint16_t)strtoul(slash + 1, NULL, 10);
    ck_assert_int_eq(sscanf(strchr(at, '/'), "%511[^, \n]", root), 1);
    free(err);
    return port;
}

const char *osc_root(void)
{
    return root;
}

int osc_open(void)
{
    struct sockaddr_in here = {.sin_family = AF_INET,
                               .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(bind(fd, (struct sockaddr *)&here, sizeof(here)), 0);
    return fd;
}

uint16_t osc_own_port(int fd)
{
    struct sockaddr_in here;
    socklen_t length = sizeof(here);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&here, &length), 0);
    return ntohs(here.sin_port);
}

/* --- packets ------------------------------------------------------------ */

static void put(struct osc_packet *packet, const void *bytes, size_t count)
{
    ck_assert_uint_le(packet->size + count, OSC_PACKET_MAX);
    memcpy(packet->bytes + packet->size, bytes, count);
    packet->size += count;
}

static void put_32(struct osc_packet *packet, uint32_t number)
{
    uint32_t big = htonl(number);
    put(packet, &big, sizeof(big));
}

static void put_64(struct osc_packet *packet, uint64_t number)
{
    put_32(packet, (uint32_t)(number >> 32));
    put_32(packet, (uint32_t)number);
}

static void put_text(struct osc_packet *packet, const char *text)
{
    static const char zeros[4] = "";
    put(packet, text, strlen(text));
    put(packet, zeros, 4 - strlen(text) % 4);
}

static void put_argument(struct osc_packet *packet, char type, va_list *list)
{
    if (type == 'i' || type == 'm') {
        put_32(packet, va_arg(*list, uint32_t));
    } else if (type == 'h') {
        put_64(packet, va_arg(*list, uint64_t));
    } else if (type == 's') {
        put_text(packet, va_arg(*list, const char *));
    } else if (type == 'f') {
        float number = (float)va_arg(*list, double);
        uint32_t bits;
        memcpy(&bits, &number, sizeof(bits));
        put_32(packet, bits);
    } else if (type == 'd') {
        double number = va_arg(*list, double);
        uint64_t bits;
        memcpy(&bits, &number, sizeof(bits));
        put_64(packet, bits);
    }
}

static void make(struct osc_packet *packet, const char *path, const char *types,
                 va_list *list)
{
    char whole[1024];
    packet->size = 0;
    (void)snprintf(whole, sizeof(whole), "%s%s", root, path);
    put_text(packet, whole);
    (void)snprintf(whole, sizeof(whole), ",%s", types);
    put_text(packet, whole);
    for (; *types != '\0'; types++) {
        put_argument(packet, *types, list);
    }
}

void osc_message(struct osc_packet *packet, const char *path, const char *types,
                 ...)
{
    va_list list;
    va_start(list, types);
    make(packet, path, types, &list);
    va_end(list);
}

void osc_bundle(struct osc_packet *packet, int after_ms)
{
    struct timespec now;
    uint64_t time = 1;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    if (after_ms != INT_MIN) {
        double seconds = (double)now.tv_sec + 2208988800.0 +
                         (double)now.tv_nsec * 1e-9 + after_ms * 1e-3;
        time = (uint64_t)floor(seconds) << 32 |
               (uint64_t)((seconds - floor(seconds)) * 4294967296.0);
    }
    packet->size = 0;
    put(packet, "#bundle", 8);
    put_64(packet, time);
}

void osc_add(struct osc_packet *bundle, const struct osc_packet *element)
{
    put_32(bundle, (uint32_t)element->size);
    put(bundle, element->bytes, element->size);
}

void osc_send_packet(int fd, const struct osc_packet *packet)
{
    struct sockaddr_in there = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    ck_assert_int_eq(sendto(fd, packet->bytes, packet->size, 0,
                            (struct sockaddr *)&there, sizeof(there)),
                     (ssize_t)packet->size);
}

void osc_send(int fd, const char *path, const char *types, ...)
{
    static struct osc_packet packet;
    va_list list;
    va_start(list, types);
    make(&packet, path, types, &list);
    va_end(list);
    osc_send_packet(fd, &packet);
}

/* --- replies ------------------------------------------------------------ */

static uint32_t get_32(const uint8_t *at)
{
    uint32_t big;
    memcpy(&big, at, sizeof(big));
    return ntohl(big);
}

static size_t take_value(struct osc_reply *reply, unsigned index,
                         const uint8_t *at)
{
    char type = reply->types[index];
    if (type == 'i') {
        reply->numbers[index] = (int32_t)get_32(at);
        return 4;
    }
    if (type == 'f') {
        uint32_t bits = get_32(at);
        float number;
        memcpy(&number, &bits, sizeof(number));
        reply->numbers[index] = (double)number;
        return 4;
    }
    if (type == 'd') {
        uint64_t bits = (uint64_t)get_32(at) << 32 | get_32(at + 4);
        memcpy(&reply->numbers[index], &bits, sizeof(bits));
        return 8;
    }
    ck_assert_int_eq(type, 's');
    ck_assert_uint_lt(index, 64);
    reply->texts[index] = (const char *)at;
    return (strlen((const char *)at) / 4 + 1) * 4;
}

bool osc_receive(int fd, struct osc_reply *reply, int wait_ms)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    if (poll(&wanted, 1, wait_ms) <= 0) {
        return false;
    }
    ssize_t size = recv(fd, reply->bytes, OSC_PACKET_MAX, 0);
    ck_assert_int_gt(size, 0);
    reply->bytes[size] = 0;
    const char *path = (const char *)reply->bytes;
    const char *types = path + (strlen(path) / 4 + 1) * 4;
    ck_assert_uint_eq(strncmp(path, root, strlen(root)), 0);
    (void)snprintf(reply->path, sizeof(reply->path), "%s", path + strlen(root));
    ck_assert_int_eq(*types, ',');
    (void)snprintf(reply->types, sizeof(reply->types), "%s", types + 1);
    const uint8_t *at = (const uint8_t *)types + (strlen(types) / 4 + 1) * 4;
    for (unsigned i = 0; reply->types[i] != '\0'; i++) {
        at += take_value(reply, i, at);
    }
    ck_assert_ptr_eq(at, reply->bytes + size);
    return true;
}

const struct osc_reply *osc_ask(int fd, const char *path)
{
    static struct osc_reply reply;
    osc_send(fd, path, "");
    do {
        ck_assert_msg(osc_receive(fd, &reply, 10000), "%s: no reply", path);
    } while (strcmp(reply.path, path) != 0 &&
             strcmp(reply.path, "/error") != 0);
    return &reply;
}

const struct osc_reply *osc_await(int fd, const char *path, double number)
{
    const struct timespec pause = {0, 20000000};
    const struct osc_reply *reply = NULL;
    for (int i = 0; i < 500; i++) {
        reply = osc_ask(fd, path);
        if (reply->numbers[0] == number) {
            return reply;
        }
        (void)nanosleep(&pause, NULL);
    }
    ck_abort_msg("%s: %g, never %g", path, reply->numbers[0], number);
}
