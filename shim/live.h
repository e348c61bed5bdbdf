/* SPDX-License-Identifier: MIT */
/*
 * Presets and the map of controllers, joined with MIDI and with the words of
 * scripts and of those who change a patch that plays. Control thread, but for
 * the tap.
 */
#ifndef F4E_LIVE_H
#define F4E_LIVE_H

#include "cc/cc_map.h"
#include "channel/vocabulary.h"
#include "common/failure.h"
#include "control/command.h"
#include "control/sender.h"
#include "midi/midi_in.h"
#include "options/settings.h"
#include "preset/presets.h"

#include <stdbool.h>
#include <stddef.h>

enum { LIVE_WORDS = 2 };

struct live {
    struct presets presets;
    struct cc_map map;
    struct command_word words[LIVE_WORDS]; /* for command_reader */
    struct word_table table;               /* for the channel */
    int wake_fd;                           /* of the control thread */
    bool is_open;
};

/* The words of that table, without what they work on. */
extern const struct word_table live_vocabulary;

/*
 * Read the files. Program changes are sent by 'sender', the control thread's,
 * which is used in live_pump() only and belongs to the caller. Fails as
 * presets_open() and cc_map_open() do.
 */
F4E_MUST_CHECK bool live_open(struct live *live, const struct f4e_patch *patch,
                              const struct options *options, int wake_fd,
                              struct sender *sender, struct failure *failure);

/* What MIDI is to be heard by; nothing when nobody wants it. */
struct midi_tap live_tap(struct live *live);

/* How long the control thread may wait at most, and what it then does. */
int live_wait_ms(const struct live *live, int most_ms);
void live_pump(struct live *live);

/* Whether nothing is on its way to the patch. */
bool live_is_idle(const struct live *live);

/* The code was exchanged; see presets_follow() and cc_map_follow(). */
void live_follow(struct live *live, const struct f4e_patch *patch);

/* After all other threads have ended. Also for one that is zeroed. */
void live_close(struct live *live);

#endif
