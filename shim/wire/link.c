/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* MSG_CMSG_CLOEXEC */
#include "wire/link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ANSWER_MS = 2000 };

bool link_open(int ends[2], struct failure *failure)
{
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0 ||
           failure_set_errno(failure, STATUS_INTERNAL,
                             "cannot connect a front");
}

bool link_send(int fd, const void *record, size_t size)
{
    return send(fd, record, size, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)size;
}

static bool wait_for(int fd, int wait_ms)
{
    struct pollfd wanted = {.fd = fd, .events = POLLIN};
    int ready = 0;
    do {
        ready = poll(&wanted, 1, wait_ms);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

bool link_receive(int fd, void *record, size_t size, int wait_ms)
{
    return wait_for(fd, wait_ms) &&
           recv(fd, record, size, MSG_DONTWAIT | MSG_TRUNC) == (ssize_t)size;
}

/* Room for one descriptor, aligned. */
union rights {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

bool link_send_with(int fd, const void *record, size_t size, int other)
{
    union rights rights = {.bytes = {0}};
    union {
        const void *in;
        void *out; /* sendmsg() does not write to it */
    } bytes = {.in = record};
    struct iovec part = {bytes.out, size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (other >= 0) {
        message.msg_control = rights.bytes;
        message.msg_controllen = sizeof(rights.bytes);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(other));
        memcpy(CMSG_DATA(header), &other, sizeof(other));
    }
    return sendmsg(fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)size;
}

bool link_receive_with(int fd, void *record, size_t size, int wait_ms,
                       int *other)
{
    union rights rights = {.bytes = {0}};
    struct iovec part = {record, size};
    struct msghdr message = {.msg_iov = &part,
                             .msg_iovlen = 1,
                             .msg_control = rights.bytes,
                             .msg_controllen = sizeof(rights.bytes)};
    *other = -1;
    if (!wait_for(fd, wait_ms)) {
        return false;
    }
    ssize_t got = recvmsg(fd, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    const struct cmsghdr *header = got >= 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (header != NULL && header->cmsg_level == SOL_SOCKET &&
        header->cmsg_type == SCM_RIGHTS &&
        header->cmsg_len == CMSG_LEN(sizeof(*other))) {
        memcpy(other, CMSG_DATA(header), sizeof(*other));
    }
    bool is_whole =
        got == (ssize_t)size && (message.msg_flags & MSG_TRUNC) == 0;
    if (!is_whole && *other >= 0) {
        (void)close(*other);
        *other = -1;
    }
    return is_whole;
}

bool link_answer(int fd, int other)
{
    const char answer = LINK_CONNECT;
    return link_send_with(fd, &answer, 1, other);
}

int link_take(int fd, int wait_ms)
{
    char answer = 0;
    int other = -1;
    (void)!link_receive_with(fd, &answer, 1, wait_ms, &other);
    return other;
}

int link_connect(int fd)
{
    const char wish = LINK_CONNECT;
    return link_send(fd, &wish, 1) ? link_take(fd, ANSWER_MS) : -1;
}
