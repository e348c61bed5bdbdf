/* SPDX-License-Identifier: MIT */
/*
 * Texts that are nearly right, for programs like
 *
 *   mutate_project FOLDERS... --count N --seed S [--first I]
 *
 * which change the files of the folders: bytes, words, lines, pieces of other
 * files. Mutation number i of seed s is always the same text, so a failure is
 * replayed with --first i --count 1. They exit with 1 when a property of their
 * format breaks; a crash is the sanitizers' business.
 */
#ifndef F4E_MUTATE_TEXT_H
#define F4E_MUTATE_TEXT_H

#include "base/arena.h"

enum text_result {
    TEXT_ACCEPTED,
    TEXT_REJECTED,
    TEXT_BROKEN, /* a property does not hold: '*why' says which */
};

struct text_format {
    const char *suffix;       /* of the files: ".json" */
    const char *const *words; /* what it knows, and what it is not ready for */
    size_t word_count;
    /* What holds for any bytes. Nothing behind them may be read. */
    enum text_result (*check)(const uint8_t *bytes, size_t size,
                              struct arena *arena, const char **why);
};

/* The whole program: returns the exit status. */
int mutate_text(const struct text_format *format, int argc, char **argv);

#endif
