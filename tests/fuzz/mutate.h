/* SPDX-License-Identifier: MIT */
/*
 * Files that are nearly right, for programs like
 *
 *   mutate_wasm PATHS... --count N --seed S [--first I]
 *
 * which change the files, and those in folders, in some of the ways of their
 * format. Mutation number i of seed s is always the same, so a failure is
 * replayed with --first i --count 1. They exit with 1 when a property of their
 * format breaks; a crash is the sanitizers' business.
 */
#ifndef F4E_MUTATE_H
#define F4E_MUTATE_H

#include "base/arena.h"

enum mutate_result {
    MUTATE_REJECTED,
    MUTATE_ACCEPTED,
    MUTATE_BROKEN, /* a property does not hold: '*why' says which */
};

/* A source of numbers, and the files as they were. */
struct mutator;

struct mutate_format {
    const char *suffix; /* of the files in folders: ".json"; NULL: no folders */
    size_t growth_bytes;      /* that the changes of one mutation add at most */
    size_t keep_bytes;        /* an arena with more in it is not used again */
    bool is_empty_taken;      /* an empty file is passed over and no error */
    const char *const *words; /* what it knows, and what it is not ready for */
    size_t word_count;
    /* Change 'bytes' in one way; returns the new size. 'size' is not 0. */
    size_t (*change)(const struct mutate_format *format,
                     struct mutator *mutator, uint8_t *bytes, size_t size);
    /* What holds for any bytes. Nothing behind them may be read. */
    enum mutate_result (*check)(const uint8_t *bytes, size_t size,
                                struct arena *arena, const char **why);
};

/* The whole program: returns the exit status. */
int mutate_main(const struct mutate_format *format, int argc, char **argv);

/* For change(): the next number, and one below 'limit' (0 for 0). */
uint64_t mutate_next(struct mutator *mutator);
size_t mutate_below(struct mutator *mutator, size_t limit);

/* For change(): the bytes of one of the files. */
const uint8_t *mutate_file(struct mutator *mutator, size_t *size);

#endif
