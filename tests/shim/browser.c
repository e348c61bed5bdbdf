/* SPDX-License-Identifier: MIT */
#include "browser.h"

#include "program.h"

#include <arpa/inet.h>
#include <check.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Of silence: a machine that tests other things too is slow, not wrong. */
enum { ANSWER_MS = 60000 };

uint16_t browser_port(void)
{
    size_t bytes = 0;
    program_wait_for("http://");
    program_wait_for("policy"); /* all of the line is there */
    char *err = (char *)program_read_file("child.err", &bytes);
    ck_assert_ptr_nonnull(err);
    err[bytes - 1] = '\0';
    const char *place = strstr(err, "http://");
    ck_assert_ptr_nonnull(place);
    const char *colon = strchr(place + strlen("http://"), ':');
    ck_assert_ptr_nonnull(colon);
    unsigned long port = strtoul(colon + 1, NULL, 10);
    free(err);
    ck_assert_uint_gt(port, 0);
    return (uint16_t)port;
}

int browser_connect(uint16_t port)
{
    const union {
        struct sockaddr_in four;
        struct sockaddr any;
    } address = {.four = {.sin_family = AF_INET,
                          .sin_port = htons(port),
                          .sin_addr.s_addr = htonl(INADDR_LOOPBACK)}};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(fd, 0);
    if (connect(fd, &address.any, sizeof(address)) != 0) {
        (void)close(fd);
        return -1;
    }
    return fd;
}

void browser_read(int fd, struct browser_answer *answer, int wait_ms)
{
    size_t used = 0;
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    while (used < sizeof(answer->text) - 1 && poll(&wanted, 1, wait_ms) > 0) {
        ssize_t count =
            recv(fd, answer->text + used, sizeof(answer->text) - 1 - used, 0);
        if (count <= 0) {
            break;
        }
        used += (size_t)count;
    }
    answer->text[used] = '\0';
    answer->status = strncmp(answer->text, "HTTP/1.", 7) == 0
                         ? (int)strtol(answer->text + 9, NULL, 10)
                         : 0;
    char *end = strstr(answer->text, "\r\n\r\n");
    answer->body = end != NULL ? end + 4 : "";
}

unsigned browser_count(int fd, const char *text, unsigned wanted)
{
    static char buffer[1 << 16];
    const size_t length = strlen(text);
    size_t used = 0;
    unsigned count = 0;
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    while (count < wanted && poll(&readable, 1, ANSWER_MS) > 0) {
        ssize_t got = recv(fd, buffer + used, sizeof(buffer) - 1 - used, 0);
        if (got <= 0) {
            break;
        }
        used += (size_t)got;
        buffer[used] = '\0';
        char *rest = buffer;
        for (char *at; (at = strstr(rest, text)) != NULL; count++) {
            rest = at + length;
        }
        /* The start of the next one may be there. */
        size_t kept = used - (size_t)(rest - buffer);
        kept = kept < length ? kept : length - 1;
        memmove(buffer, buffer + used - kept, kept);
        used = kept;
    }
    return count;
}

/* Take the lengths of the chunks out of a body that is complete. */
static void join_chunks(struct browser_answer *answer)
{
    char *to = strstr(answer->text, "\r\n\r\n");
    if (to == NULL ||
        strstr(answer->text, "Transfer-Encoding: chunked") == NULL) {
        return;
    }
    to += 4;
    const char *end = to + strlen(to);
    for (char *from = to; from < end;) {
        char *start = NULL;
        unsigned long count = strtoul(from, &start, 16);
        start += 2; /* the end of that line */
        if (count == 0 || start > end || count > (size_t)(end - start)) {
            break;
        }
        memmove(to, start, count);
        to += count;
        from = start + count + 2;
    }
    *to = '\0';
}

const struct browser_answer *browser_send(uint16_t port, const char *bytes,
                                          size_t count)
{
    static struct browser_answer answer;
    int fd = browser_connect(port);
    ck_assert_int_ge(fd, 0);
    /* Who is refused early may not be read to the end. */
    for (size_t sent = 0; sent < count;) {
        ssize_t now = send(fd, bytes + sent, count - sent, MSG_NOSIGNAL);
        if (now <= 0) {
            break;
        }
        sent += (size_t)now;
    }
    browser_read(fd, &answer, ANSWER_MS);
    join_chunks(&answer);
    (void)close(fd);
    return &answer;
}

const struct browser_answer *browser_ask(uint16_t port, const char *request,
                                         const char *lines, const char *body)
{
    size_t length = body != NULL ? strlen(body) : 0;
    size_t size = strlen(request) + strlen(lines) + length + 256;
    char *text = malloc(size);
    ck_assert_ptr_nonnull(text);
    int head =
        snprintf(text, size,
                 "%s HTTP/1.1\r\nHost: localhost:%u\r\nConnection: close\r\n%s",
                 request, port, lines);
    head += body != NULL
                ? snprintf(text + head, size - (size_t)head,
                           "Content-Length: %zu\r\n\r\n%s", length, body)
                : snprintf(text + head, size - (size_t)head, "\r\n");
    const struct browser_answer *answer =
        browser_send(port, text, (size_t)head);
    free(text);
    return answer;
}
