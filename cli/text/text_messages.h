/* SPDX-License-Identifier: MIT */
/* What a compiler of the language printed, as messages about its text. */
#ifndef F4E_TEXT_MESSAGES_H
#define F4E_TEXT_MESSAGES_H

#include "base/buf.h"

struct text_messages {
    /* All of it, safe for a terminal: a line each, the first ones of many. */
    const char *all;
    uint32_t count; /* lines that are not blank */
    /* The first that names a line of the text: "PATH:12:3: what",
     * "12: what" behind the text's base name, or "… at line 12 …". */
    uint32_t line;    /* 1-based; 0: none does */
    const char *what; /* without its place where that stands before it */
};

/*
 * Read 'output'. 'path' is the text, of 'line_count' lines; a number beyond
 * them is none of a line, nor is one "of" or "in" something, which counts from
 * the start of a block. In the arena.
 */
void text_messages_read(struct text_messages *messages,
                        const struct buf *output, const char *path,
                        uint32_t line_count, struct arena *arena);

#endif
