/* SPDX-License-Identifier: MIT */
/* Ways to change a text: bytes, words, lines, pieces of other files. */
#ifndef F4E_MUTATE_TEXT_H
#define F4E_MUTATE_TEXT_H

#include "mutate.h"

enum {
    MUTATE_TEXT_GROWTH_BYTES = 16384,
    MUTATE_TEXT_KEEP_BYTES = 1 << 20,
};

/* mutate_format.change; uses the format's words. */
size_t mutate_text(const struct mutate_format *format, struct mutator *mutator,
                   uint8_t *bytes, size_t size);

#endif
