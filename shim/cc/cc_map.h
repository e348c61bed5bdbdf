/* SPDX-License-Identifier: MIT */
/*
 * What MIDI controllers move: --cc, --cc-map, the word "cc". The MIDI thread
 * hears, the control thread changes the map and keeps it in a file. A lock is
 * between these two; the audio thread gets messages.
 */
#ifndef F4E_CC_MAP_H
#define F4E_CC_MAP_H

#include "cc/cc_entry.h"
#include "common/failure.h"
#include "common/json.h"
#include "config/config.h"
#include "control/command.h"
#include "midi/midi_parser.h"
#include "options/settings.h"
#include "rt/inbox.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { CC_ENTRIES_MAX = 256 };

/* What the file has and the patch has not, as text. */
struct cc_stranger {
    char *name;
    char *text; /* JSON on one line */
};

struct cc_map {
    const struct f4e_patch *patch;
    const struct options *options;
    bool is_open;
    bool is_kept;                  /* in a file: not with --cc-map none */
    bool is_read;                  /* the file holds what is here */
    struct cc_stranger *strangers; /* the control thread's */
    size_t stranger_count;
    bool is_told;  /* of strangers */
    bool is_heard; /* MIDI is open: set by the caller */

    pthread_mutex_t lock;   /* for all from here to the entries */
    atomic_bool has_learnt; /* something that is not in the file yet */
    bool may_pair;          /* a fine part may follow what was learnt: */
    unsigned learnt;        /* the index of its entry */
    unsigned count;

    /* Large ones last: what lies near the start is reached by shorter
     * instructions. */
    struct cc_entry wanted; /* to be learnt; its name NULL: nothing is */
    struct cc_entry entries[CC_ENTRIES_MAX]; /* by name */
    struct config config; /* no part of what the lock is for */
};

/*
 * cc_keep.c. Read the file and the options. A file that --cc-map names and that
 * is not well formed fails with STATUS_FILE; one at the default place is told.
 * Wrong options: STATUS_USAGE.
 */
F4E_MUST_CHECK bool cc_map_open(struct cc_map *map,
                                const struct f4e_patch *patch,
                                const struct options *options,
                                struct failure *failure);

/* Whether MIDI has to be opened for it, also without a binding. */
bool cc_map_wants_midi(const struct cc_map *map);

/*
 * MIDI thread: send what a message moves. False, and nothing is done, when the
 * inbox has no room for it.
 */
F4E_MUST_CHECK bool cc_map_hear(struct cc_map *map, struct inbox *inbox,
                                const struct midi_message *message);

/* cc_words.c. The word "cc": "list", "set SOURCE NAME [MIN MAX] [TAKEOVER]",
 * "learn NAME", "learn off", "clear NAME". Not in scripts. */
struct command_word cc_map_word(struct cc_map *map);

/* cc_words.c. The member "cc" of an answer: what "cc list" prints. STATUS_FILE.
 */
F4E_MUST_CHECK bool cc_map_write(struct cc_map *map, struct json *json,
                                 struct failure *failure);

/* cc_keep.c. Keep and tell what was learnt; never waits. */
void cc_map_pump(struct cc_map *map);

/* The code was exchanged: the same names of another patch. What it has not is
 * kept and moves nothing. */
void cc_map_follow(struct cc_map *map, const struct f4e_patch *patch);

/* After the MIDI thread has ended. Also for one that is zeroed. */
void cc_map_close(struct cc_map *map);

/* cc_file.c */

/* Bring the map up to date with its file, if that was changed. STATUS_FILE. */
F4E_MUST_CHECK bool cc_file_refresh(struct cc_map *map,
                                    struct failure *failure);

/* Write the map to its file. STATUS_FILE. */
F4E_MUST_CHECK bool cc_file_write(struct cc_map *map, struct failure *failure);

/* For cc_file.c and cc_words.c: put an entry in place of one of its name; the
 * strings become the map's. STATUS_USAGE: there are too many; they are freed.
 */
F4E_MUST_CHECK bool cc_map_put(struct cc_map *map, struct cc_entry *entry,
                               struct failure *failure);

/* cc_words.c: "74=filter:cutoff[:MIN:MAX][:TAKEOVER]". STATUS_USAGE. */
F4E_MUST_CHECK bool cc_words_option(struct cc_map *map, const char *text,
                                    struct failure *failure);

#endif
