/* SPDX-License-Identifier: MIT */
/* An engine's process, and lines to and from it (engine_protocol.h). */
#ifndef F4E_SPEAKER_H
#define F4E_SPEAKER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct speaker {
    pid_t pid; /* 0: none */
    int to;
    int from;
};

/*
 * Start the program at 'path', with the lowest real-time priority when
 * 'is_fifo' and where that is allowed; threads that it makes are ordinary ones.
 * False when the system refuses.
 */
bool speaker_start(struct speaker *speaker, const char *path, bool is_fifo);

/*
 * Say a line and wait for the answer: true when it is 'word' and, unless
 * 'value' is NULL, a number in 'base'. The process is ended on anything else,
 * and after 'timeout_s' seconds.
 */
bool speaker_ask(struct speaker *speaker, const char *line, unsigned timeout_s,
                 const char *word, int base, uint64_t *value);

/* The most memory that it had resident, in KiB; 0 when unknown. */
uint64_t speaker_resident_kib(const struct speaker *speaker);

/* End it, if it runs, and reap it. */
void speaker_stop(struct speaker *speaker);

#endif
