/* SPDX-License-Identifier: MIT */
/*
 * One file by its web address, with curl: no shell, no configuration, no proxy,
 * no redirect that was not looked at, no address but the one that was.
 */
#ifndef F4E_DOWNLOAD_H
#define F4E_DOWNLOAD_H

#include "base/workdir.h"

struct download_limits {
    uint64_t max_bytes;
    unsigned max_seconds; /* for all of it, redirects included */
    bool allows_private;  /* hosts of this machine and of private networks */
};

enum { DOWNLOAD_MAX_REDIRECTS = 5 };

/*
 * Fetch 'text' into the arena. Fails (tool) when curl is missing or fails, or
 * the server answers with anything but a whole file, (input) for an address
 * that is not fetched from.
 */
F4E_MUST_CHECK bool download(const char *text, const uint8_t **bytes,
                             size_t *size, const struct download_limits *limits,
                             const struct workdir *workdir, struct arena *arena,
                             struct diag *diag);

#endif
