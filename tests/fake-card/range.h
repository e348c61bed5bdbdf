/* SPDX-License-Identifier: MIT */
/*
 * The numbers a card accepts, as text: "48000", "44100 48000", "32-8192" or
 * "32-8192/32" (every 32nd).
 */
#ifndef F4E_FAKE_CARD_RANGE_H
#define F4E_FAKE_CARD_RANGE_H

#include <stdbool.h>
#include <stddef.h>

enum { RANGE_LIST_MAX = 512 };

struct range {
    unsigned least;
    unsigned most;
    size_t count; /* of the list; 0: everything from least to most */
    unsigned list[RANGE_LIST_MAX]; /* ascending */
};

/* False when the text is none of the above or lists too many numbers. */
bool range_parse(struct range *range, const char *text);

bool range_has(const struct range *range, unsigned long value);

#endif
