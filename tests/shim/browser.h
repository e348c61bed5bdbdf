/* SPDX-License-Identifier: MIT */
/* HTTP as a test speaks it: bytes to a port of this machine, and an answer. */
#ifndef F4E_TEST_BROWSER_H
#define F4E_TEST_BROWSER_H

#include <stddef.h>
#include <stdint.h>

enum { BROWSER_ANSWER_MAX = 1 << 18 };

struct browser_answer {
    int status; /* 0: the connection ended without one */
    char text[BROWSER_ANSWER_MAX];
    const char *body;
};

/* The port in what the patch started last has printed, "http://...:PORT/". */
uint16_t browser_port(void);

/* Connected, or -1. */
int browser_connect(uint16_t port);

/* What comes until the other side closes, or for so long. */
void browser_read(int fd, struct browser_answer *answer, int wait_ms);

/*
 * Read until 'text' has come 'wanted' times, or for a minute; what comes behind
 * it may be lost. Returns how often it came.
 */
unsigned browser_count(int fd, const char *text, unsigned wanted);

/* Send these bytes as they are; the answer has a static place. */
const struct browser_answer *browser_send(uint16_t port, const char *bytes,
                                          size_t count);

/* A request with Host, "Connection: close" and further lines, each with its
 * end; 'body' may be NULL. */
const struct browser_answer *browser_ask(uint16_t port, const char *request,
                                         const char *lines, const char *body);

#endif
