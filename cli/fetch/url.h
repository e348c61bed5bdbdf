/* SPDX-License-Identifier: MIT */
/* The parts of a web address that decide where a connection goes. */
#ifndef F4E_URL_H
#define F4E_URL_H

#include "base/arena.h"

struct url {
    const char *text;
    const char *host; /* without brackets */
    const char *port; /* digits: what is said, or that of the scheme */
};

enum { URL_MAX_BYTES = 4096 };

/* Whether it begins with http:// or https://, in any case. */
bool url_is_web(const char *text);

/*
 * Take a web address apart; parts in the arena. False, with '*why' (static),
 * when it has a user name, blanks, a host or port that is no plain one, or is
 * longer than URL_MAX_BYTES: a program that reads it otherwise than this one
 * must not exist.
 */
F4E_MUST_CHECK bool url_parse(struct url *url, const char *text,
                              const char **why, struct arena *arena);

#endif
