/* SPDX-License-Identifier: MIT */
/*
 * The log: one line an event, "playback 1024 xrun cause=underrun queued=0".
 * The number is the stream's frame, which is also the frame of the played
 * file. No line holds a wall-clock time: in virtual time two runs of the same
 * program leave the same log.
 */
#ifndef F4E_FAKE_CARD_JOURNAL_H
#define F4E_FAKE_CARD_JOURNAL_H

#include <stdint.h>

struct journal {
    int fd; /* -1: nothing is written */
    const char *stream;
};

/* An empty path is no journal. Returns 0 or a negative errno. */
int journal_open(struct journal *journal, const char *path, const char *stream);
void journal_close(struct journal *journal);

__attribute__((format(printf, 3, 4))) void
journal_write(const struct journal *journal, uint64_t frame, const char *format,
              ...);

#endif
