/* SPDX-License-Identifier: MIT */
/* A build in a process of its own, which can be given up. */
#ifndef F4E_PLAY_BUILDER_H
#define F4E_PLAY_BUILDER_H

#include "base/buf.h"
#include "play/play.h"

#include <sys/types.h>

struct builder {
    pid_t pid;  /* 0: none runs */
    int output; /* what it says; -1: closed */
    struct buf text;
    int status; /* its exit status when it has ended, or 4 */
};

/* Start one; 'is_low': at low priority. Fails (system). */
F4E_MUST_CHECK bool builder_start(struct builder *builder,
                                  const struct options *options,
                                  play_build *build, const struct play_job *job,
                                  bool is_low, struct arena *arena,
                                  struct diag *diag);

/* There is something to read. True: it has ended, with a status. */
bool builder_read(struct builder *builder);

/* End it, with all that it has started. Does nothing when none runs. */
void builder_cancel(struct builder *builder);

#endif
