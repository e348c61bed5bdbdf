/* SPDX-License-Identifier: MIT */
/* Ways to change a text: bytes, words, lines, pieces of other files. */
#ifndef F4E_MUTATE_TEXT_H
#define F4E_MUTATE_TEXT_H

#include "mutate.h"

/* What is special about one kind of text. */
struct mutate_text {
    const char *suffix; /* as in struct mutate_format, as are these */
    const char *const *words;
    size_t word_count;
    enum mutate_result (*check)(const uint8_t *bytes, size_t size,
                                struct arena *arena, const char **why);
};

/* The whole program: returns the exit status. */
int mutate_text_main(const struct mutate_text *text, int argc, char **argv);

#endif
