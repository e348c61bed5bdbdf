/* SPDX-License-Identifier: MIT */
/*
 * Parses the commands of scripts, --set, --load and the channel into events.
 * Everything is checked against the patch here. Control thread.
 */
#ifndef F4E_COMMAND_H
#define F4E_COMMAND_H

#include "common/failure.h"
#include "control/event_list.h"
#include "f4e_patch.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { COMMAND_LINE_MAX = 1 << 20 }; /* bytes of a line */

/*
 * A word of another room. In a script it is read before the patch starts:
 * 'answers' is NULL then, and only events may come of it.
 */
struct command_word {
    const char *verb;
    bool (*run)(void *context, char *rest, uint64_t block,
                struct event_list *events, FILE *answers,
                struct failure *failure);
    void *context;
};

/* What all commands of a source have in common. */
struct command_reader {
    const struct f4e_patch *patch;
    const struct command_word *words; /* besides those of command_read() */
    size_t word_count;
    bool is_quiet; /* no message for each load */
    /* Whether to go on without what this option names, whose failure was set;
     * it takes the failure back. NULL: never. */
    bool (*can_miss)(void *context, const char *option);
    void *context; /* of can_miss() */
};

/* What is wrong with a line that has a byte 0 in it. */
extern const char command_nul_text[];

/* Bytes to skip at the start of the first line of a text: editors of other
 * systems put a mark there (U+FEFF). */
size_t command_mark(const char *line);

/*
 * Parse 'line', which is modified: "set NAME VALUE... [over TIME]",
 * "set ADDRESS TYPE VALUE... [over TIME]", "load NAME FILE",
 * "call EXPORT ARGUMENT...", "midi PORT BYTE...", "key down CODE", "key up
 * CODE", "key blur", "piano NAME KEY down|up|toggle". Adds events for 'block'
 * to the list. Fails with
 * STATUS_USAGE or STATUS_FILE; events added before the error stay in the list.
 */
F4E_MUST_CHECK bool command_read(const struct command_reader *reader,
                                 char *line, uint64_t block,
                                 struct event_list *list,
                                 struct failure *failure);

/* The word of another room, or NULL. */
const struct command_word *
command_find_word(const struct command_reader *reader, const char *verb);

/* The same as "set NAME VALUES" and "load NAME FILE". */
F4E_MUST_CHECK bool command_set(const struct command_reader *reader,
                                const char *name, char *values, uint64_t block,
                                struct event_list *list,
                                struct failure *failure);
F4E_MUST_CHECK bool command_load(const struct command_reader *reader,
                                 const char *name, const char *path,
                                 uint64_t block, struct event_list *list,
                                 struct failure *failure);

/*
 * Turn a CHANGE_WRITE of elements into one that takes so many blocks, if that
 * is more than one. STATUS_USAGE: more values than can move at once.
 */
F4E_MUST_CHECK bool command_move(struct change *event, enum f4e_element element,
                                 uint32_t blocks, struct failure *failure);

/* command_key.c: the rest of a line after "key". */
F4E_MUST_CHECK bool command_key(const struct command_reader *reader, char *rest,
                                uint64_t block, struct event_list *list,
                                struct failure *failure);

/* command_piano.c: the rest of a line after "piano". */
F4E_MUST_CHECK bool command_piano(const struct command_reader *reader,
                                  char *rest, uint64_t block,
                                  struct event_list *list,
                                  struct failure *failure);

/* command_time.c */

/*
 * Parse a time, "12b" in blocks, "12f" in frames, "1.5s" or "50ms", into the
 * block that contains it. False for anything else.
 */
bool command_time(const struct f4e_patch *patch, const char *word,
                  uint64_t *block);

/* The same as a number of whole blocks, rounded up. STATUS_USAGE. */
F4E_MUST_CHECK bool command_duration(const struct f4e_patch *patch,
                                     const char *word, uint32_t *blocks,
                                     struct failure *failure);

/*
 * Cut "over TIME" off the end of a line: '*blocks' of it, 0 when it is not
 * there. STATUS_USAGE.
 */
F4E_MUST_CHECK bool command_take_over(const struct f4e_patch *patch, char *line,
                                      uint32_t *blocks,
                                      struct failure *failure);

#endif
