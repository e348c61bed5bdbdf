/* SPDX-License-Identifier: MIT */
/*
 * What scripts, --set, --load and the console say to a patch, as events for
 * the engine. All is checked against the patch here. Control thread.
 */
#ifndef F4E_COMMAND_H
#define F4E_COMMAND_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "control/event_list.h"
#include "f4e_patch.h"

enum { COMMAND_LINE_MAX = 1 << 20 }; /* bytes of a line */

/* For whom commands are read. */
struct command_reader {
    const struct f4e_patch *patch;
    FILE *told;          /* gets what a load did, or NULL */
    const char *program; /* starts those lines */
};

/* What is wrong with a line that has a byte 0 in it. */
extern const char command_nul_text[];

/* Bytes to skip at the start of the first line of a text: editors of other
 * systems put a mark there (U+FEFF). */
size_t command_mark(const char *line);

/* The next word of a line, ended in place, or NULL; '#' begins a comment. */
char *command_word(char **rest);

/*
 * Read 'line', which changes: "set NAME VALUE...", "set ADDRESS TYPE VALUE...",
 * "load NAME FILE", "call EXPORT ARGUMENT...", "midi PORT BYTE...",
 * "key down CODE", "key up CODE", "key blur". Its events,
 * none to several, are added for 'block'. Fails with STATUS_USAGE or
 * STATUS_FILE; what was added by then is the list's all the same.
 */
F4E_MUST_CHECK bool command_read(const struct command_reader *reader,
                                 char *line, uint64_t block,
                                 struct event_list *list,
                                 struct failure *failure);

/* command_read() knows lines that begin with this word. */
bool command_has_verb(const char *word);

/* "set NAME VALUES" and "load NAME FILE", their parts apart. */
F4E_MUST_CHECK bool command_set(const struct command_reader *reader,
                                const char *name, char *values, uint64_t block,
                                struct event_list *list,
                                struct failure *failure);
F4E_MUST_CHECK bool command_load(const struct command_reader *reader,
                                 const char *name, const char *path,
                                 uint64_t block, struct event_list *list,
                                 struct failure *failure);

/* What follows "key". */
F4E_MUST_CHECK bool command_key(const struct command_reader *reader, char *rest,
                                uint64_t block, struct event_list *list,
                                struct failure *failure);

/*
 * "12b" is a block, "12f" a frame, "1.5s" seconds; the block it falls in.
 * False for anything else.
 */
bool command_time(const struct f4e_patch *patch, const char *word,
                  uint64_t *block);

#endif
