/* SPDX-License-Identifier: MIT */
/*
 * What the patch and its front tell each other besides the channel: records
 * over a socket pair, of which the front's end is descriptor LINK_FD. Both are
 * the same program, so a record is a structure.
 */
#ifndef F4E_LINK_H
#define F4E_LINK_H

#include "common/failure.h"
#include "report/osc_counts.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    LINK_FD = 3,
    LINK_ADDRESS_MAX = 64, /* with the final 0 */
    LINK_NAME_MAX = 1024,  /* likewise */
    LINK_ADDRESSES_MAX = 4,
    LINK_TOKEN_MAX = 129, /* likewise */
    LINK_TOKEN_MIN = 16,
};

/* From the patch, first. */
struct link_config {
    bool has_http;
    bool has_osc;
    bool has_versions; /* link_take() gets the socket that tells of them */
    char http_bind[LINK_ADDRESS_MAX];
    uint16_t http_port;         /* 0: any */
    bool is_searching;          /* the next free one, if that is taken */
    char token[LINK_TOKEN_MAX]; /* of HTTP; empty: none is needed */
    char osc_bind[LINK_ADDRESS_MAX];
    uint16_t osc_port;     /* 0: any */
    bool is_osc_searching; /* the first free one from that of HTTP on */
    char osc_token[LINK_TOKEN_MAX]; /* likewise */
    char run[17];              /* of this run of the patch, to tell it apart */
    uint64_t restarts;         /* of the front */
    char patch[LINK_NAME_MAX]; /* its name, cut off */
    uint32_t tick_ms;          /* of the patch; 0: it is audio */
};

/* From the front, once: it serves, or why it cannot. */
struct link_report {
    struct failure failure;
    bool is_osc_at_fault; /* else HTTP is */
    uint16_t http_port;
    uint16_t osc_port;
    char host[LINK_ADDRESS_MAX]; /* this machine's name */
    char addresses[LINK_ADDRESSES_MAX][LINK_ADDRESS_MAX]; /* in its networks */
    unsigned address_count;
    bool has_seccomp;
    bool has_landlock;
};

/* Then, now and then when they have changed, struct osc_counts. And
 * the front may ask for another connection to the channel: an empty
 * answer, without a descriptor, says that there are enough. */
enum link_request { LINK_CONNECT = 'c' };

/* Two connected ends, closed by exec(). */
F4E_MUST_CHECK bool link_open(int ends[2], struct failure *failure);

/* Send or receive one record of exactly 'size' bytes. False: it did not happen
 * within the time, or the other side is gone. */
F4E_MUST_CHECK bool link_send(int fd, const void *record, size_t size);
F4E_MUST_CHECK bool link_receive(int fd, void *record, size_t size,
                                 int wait_ms);

/* The same with a descriptor, or -1 for none. One that is sent stays the
 * caller's, one that comes becomes the caller's. */
F4E_MUST_CHECK bool link_send_with(int fd, const void *record, size_t size,
                                   int other);
F4E_MUST_CHECK bool link_receive_with(int fd, void *record, size_t size,
                                      int wait_ms, int *other);

/* The front: a connection to the channel, which becomes the caller's, or -1. */
int link_connect(int fd);

/* The patch: answer LINK_CONNECT; -1 refuses. 'other' stays the caller's. */
bool link_answer(int fd, int other);

/* The front: the descriptor of an answer that comes unasked, or -1. */
int link_take(int fd, int wait_ms);

#endif
