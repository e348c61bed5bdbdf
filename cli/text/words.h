/* SPDX-License-Identifier: MIT */
/*
 * A command as a user types it, split into the words of a POSIX shell without
 * one: blanks separate; '…' keeps everything, "…" everything but a backslash
 * before $ ` " \ or a line end, and elsewhere a backslash keeps the next
 * character. Nothing is expanded: $, *, ~ and | mean themselves.
 */
#ifndef F4E_WORDS_H
#define F4E_WORDS_H

#include "base/arena.h"

/* "{NAME}" in a word becomes 'value', which is not looked at again. */
struct word_value {
    const char *name; /* with its braces */
    const char *value;
};

enum {
    WORDS_MAX = 256,
    WORDS_MAX_VALUES = 4,
};

/*
 * Split 'command' into '*words', NULL at the end; in the arena. 'source' names
 * it in messages ("--compiler"). Fails (usage) when a quote is not closed,
 * nothing follows a backslash, there is no word or more than WORDS_MAX, and
 * when one of 'values' is not used.
 */
F4E_MUST_CHECK bool words_split(const char *const **words, const char *command,
                                const char *source,
                                const struct word_value *values, size_t count,
                                struct arena *arena, struct diag *diag);

#endif
