/* SPDX-License-Identifier: MIT */
/*
 * What a card remembers from one open to the next, in a small text file of
 * each direction: a card that is busy twice, or pulled out once, is so across
 * processes.
 */
#ifndef F4E_FAKE_CARD_HISTORY_H
#define F4E_FAKE_CARD_HISTORY_H

#include <stdbool.h>
#include <stdint.h>

struct history {
    char path[512];      /* empty: nothing is remembered */
    unsigned long opens; /* attempts so far */
    unsigned long away;  /* attempts that will still find no card */
    uint64_t frames;     /* played or captured so far */
};

/* 'path' may be empty. False when there is a file and it cannot be read. */
bool history_load(struct history *history, const char *path,
                  const char *stream);
bool history_save(const struct history *history);

#endif
