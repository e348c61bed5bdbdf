/* SPDX-License-Identifier: MIT */
/*
 * --presets, --preset, --preset-programs, and the word "preset" of scripts and
 * of those who change a patch that plays. The file is read again whenever it
 * was changed, and written as a whole. Control thread.
 */
#ifndef F4E_PRESETS_H
#define F4E_PRESETS_H

#include "common/failure.h"
#include "common/json.h"
#include "config/config.h"
#include "control/command.h"
#include "control/event_list.h"
#include "control/sender.h"
#include "options/settings.h"
#include "preset/preset_list.h"
#include "rt/engine.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct presets {
    const struct f4e_patch *patch;
    const struct options *options;
    struct config config;
    struct preset_list list;
    bool is_read; /* 'list' is what the file held when it was seen last */

    /* Program changes: any thread puts the number there, and one; 0: none. */
    _Atomic unsigned wanted;
    struct sender *sender; /* of the control thread, by the caller; or NULL */
    struct event_list waiting;
    size_t waiting_next;
};

/*
 * Find the file, and read it if --presets names it. Fails with STATUS_FILE:
 * what is there is no file of presets.
 */
F4E_MUST_CHECK bool presets_open(struct presets *presets,
                                 const struct f4e_patch *patch,
                                 const struct options *options,
                                 struct failure *failure);

/*
 * The word "preset" for command_reader: "load NAME [over TIME]" everywhere;
 * "save NAME [all]", "list", "delete NAME" and "rename OLD NEW" where there are
 * 'answers'. A name with blanks stands in quotes.
 */
struct command_word presets_word(struct presets *presets);

/* Add the events of a preset, as "preset load" does. STATUS_USAGE: there is
 * none of this name. */
F4E_MUST_CHECK bool presets_load(struct presets *presets, const char *name,
                                 uint32_t blocks, uint64_t block,
                                 struct event_list *list,
                                 struct failure *failure);

/* What the file holds now, until the next call of any function here. NULL: it
 * cannot be read. */
const struct preset_list *presets_list(struct presets *presets,
                                       struct failure *failure);

/* Keep what the patch holds now under a name, at once. */
F4E_MUST_CHECK bool presets_save(struct presets *presets, const char *name,
                                 bool is_all, struct failure *failure);

/* Any thread: load the preset of this number, from 0, by name. */
void presets_want_program(struct presets *presets, unsigned number);

/* The same for a MIDI message, if it is a program change on the channel of
 * --preset-programs. True when it is. */
bool presets_hear(struct presets *presets, const uint8_t *bytes);

/* The member "presets" of an answer: number and name of each. STATUS_FILE. */
F4E_MUST_CHECK bool presets_write(struct presets *presets, struct json *json,
                                  struct failure *failure);

/* Do what was wanted; never waits. True when something is left to be sent. */
bool presets_pump(struct presets *presets);

/* Whether the patch has all values of the programs that were wanted. */
bool presets_is_idle(const struct presets *presets);

/* The code was exchanged: names are those of another patch from now on. */
void presets_follow(struct presets *presets, const struct f4e_patch *patch);

/* After the audio thread has ended. Also for one that is zeroed. */
void presets_close(struct presets *presets);

#endif
