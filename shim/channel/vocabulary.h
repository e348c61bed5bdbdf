/* SPDX-License-Identifier: MIT */
/*
 * The requests that the channel knows: tables of words, each with a function.
 * Another room adds its own by channel_add_words(). Control thread.
 */
#ifndef F4E_VOCABULARY_H
#define F4E_VOCABULARY_H

#include "channel/channel.h"
#include "common/failure.h"
#include "common/json.h"
#include "control/event_list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* One request being done. */
struct request {
    struct channel *channel;
    struct client *client;
    char *line; /* from the word on */
    char *rest; /* what follows the word; both may be changed */
    enum trust trust;
    bool is_text;      /* text to 'file' is wanted, not members */
    FILE *file;        /* for a text */
    struct json *json; /* open for members of the answer */
    /* Changes that the patch is to make; the answer is given when all of them
     * are on their way. */
    struct event_list *events;
    void *context; /* of the word's table */
};

enum {
    WORD_ASKS = 1,  /* waits until the patch has done what was said before */
    WORD_LOCAL = 2, /* touches files or ends the program: not from a network */
    WORD_READS = 4, /* changes nothing: not done when nobody reads the answer */
};

struct word {
    char name[12];
    unsigned flags;
    const char *usage; /* its arguments, for 'describe'; "": it has none */
    /* False with a failure: that is the answer, and nothing else of it. */
    bool (*run)(struct request *request, struct failure *failure);
};

struct word_table {
    const struct word *words;
    size_t count;
    void *context; /* for the functions, or NULL */
    const struct word_table *next;
};

/* The channel's own words. */
extern const struct word_table vocabulary_own;

/* The row and its table of a word of 'length' bytes; NULL: not known. */
const struct word *vocabulary_find(const struct channel *channel,
                                   const char *name, size_t length,
                                   const struct word_table **table);

/* Record that it is not known, with all words that are. Always false. */
bool vocabulary_fail_unknown(const struct channel *channel, const char *name,
                             size_t length, struct failure *failure);

/* "words": all that this client may use. */
void vocabulary_write(const struct channel *channel, enum trust trust,
                      struct json *json);

#endif
