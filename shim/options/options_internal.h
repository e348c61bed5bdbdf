/* SPDX-License-Identifier: MIT */
/*
 * The option table and the parts of options_parse(): options_table.c,
 * options_value.c, options_control.c, options_sources.c, and of
 * options_complete(). Failures are STATUS_USAGE.
 */
#ifndef F4E_OPTIONS_INTERNAL_H
#define F4E_OPTIONS_INTERNAL_H

#include "common/failure.h"
#include "f4e_patch.h"
#include "options/settings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_group {
    GROUP_AUDIO,
    GROUP_NAMES,
    GROUP_NETWORK,
    GROUP_REPORT,
    GROUP_RENDER,
    GROUP_STATE,
    GROUP_PLAYING,
    GROUP_INFO,
    GROUP_COUNT
};

enum option_id {
    OPTION_DEVICE = 256, /* above every character */
    OPTION_IN_DEVICE,
    OPTION_NO_CONNECT,
    OPTION_PERIOD,
    OPTION_PERIODS,
    OPTION_LATENCY,
    OPTION_FORMAT,
    OPTION_DITHER,
    OPTION_OUT_MAP,
    OPTION_IN_MAP,
    OPTION_RESAMPLE,
    OPTION_XRUN,
    OPTION_MAX_XRUNS,
    OPTION_WAIT_DEVICE,
    OPTION_FADE,
    OPTION_RT_PRIO,
    OPTION_DUMMY,
    OPTION_DENORMALS,
    OPTION_ON_TRAP,
    OPTION_SCRIPT,
    OPTION_SET,
    OPTION_LOAD,
    OPTION_LIST,
    OPTION_PARAMS,
    OPTION_VIEWS,
    OPTION_WATCH,
    OPTION_PRESETS,
    OPTION_PRESET,
    OPTION_PRESET_PROGRAMS,
    OPTION_CC,
    OPTION_CC_MAP,
    OPTION_WATCH_RATE,
    OPTION_CONTROL,
    OPTION_CONTROL_REPLIES,
    OPTION_HTTP,
    OPTION_HTTP_BIND,
    OPTION_OSC,
    OPTION_OSC_BIND,
    OPTION_TOKEN_FILE,
    OPTION_FRAMES,
    OPTION_START_AT,
    OPTION_CYCLES,
    OPTION_SECONDS,
    OPTION_BLOCKS,
    OPTION_STATS,
    OPTION_STATS_JSON,
    OPTION_METER,
    OPTION_RENDER,
    OPTION_RECORD,
    OPTION_INPUT,
    OPTION_INPUT_RAW,
    OPTION_DUMP_MEMORY,
    OPTION_RUN_ENTRY,
    OPTION_STATE,
    OPTION_LOAD_STATE,
    OPTION_SAVE_STATE,
    OPTION_STATE_BY_NAME,
    OPTION_RESET_STATE,
    OPTION_KEYBOARD,
    OPTION_MIDI_IN,
    OPTION_MIDI_RAW,
    OPTION_MIDI,
    OPTION_MIDI_LOOP,
    OPTION_MIDI_LATENCY,
    OPTION_MIDI_OUT,
    OPTION_MIDI_OUT_RAW,
    OPTION_MIDI_RUNNING_STATUS,
    OPTION_REQUIRE_MIDI,
    OPTION_NOTES_OFF,
    OPTION_LIST_MIDI,
    OPTION_INFO,
    OPTION_LIST_DEVICES,
    OPTION_JSON,
    OPTION_COMPLETION,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_VERSION,
    OPTION_HELP
};

/* One option, as the user sees it. */
struct option_row {
    uint16_t id;      /* enum option_id */
    uint8_t group;    /* enum option_group */
    char letter;      /* short form, or 0 */
    bool is_optional; /* the value, then written --name=VALUE */
    uint16_t texts;   /* where they are; for the functions below */
};

/* One of the words that an option takes. */
struct option_choice {
    uint16_t id; /* enum option_id */
    uint8_t value;
    char name[8];
};

extern const struct option_row option_table[];
extern const size_t option_count;

/* options_table.c */

/* The name, without the dashes. */
const char *option_name(const struct option_row *row);

/* What --help calls the value; "" when the option takes none. */
const char *option_argument(const struct option_row *row);
bool option_has_value(const struct option_row *row);

/* What --help says, and the default, or "". */
const char *option_text(const struct option_row *row);
const char *option_fallback(const struct option_row *row);

/*
 * Record an option that is not in the table, with the nearest one as a hint.
 * 'word' is as typed, dashes and '=value' included. Always false.
 */
bool options_fail_unknown(const char *word, struct failure *failure);

/* options_value.c: the values of an option called 'name', read strictly */

/* The words that it takes, in their order, then NULL. */
const struct option_choice *options_choice(enum option_id id, unsigned index);

F4E_MUST_CHECK bool options_value_choice(enum option_id id, const char *name,
                                         const char *text, int *value,
                                         struct failure *failure);

F4E_MUST_CHECK bool options_value_count(const char *name, const char *text,
                                        uint64_t least, uint64_t most,
                                        uint64_t *value,
                                        struct failure *failure);

/* --frames, --seconds or --blocks, as frames in options->frame_limit. */
F4E_MUST_CHECK bool options_value_limit(struct options *options,
                                        const struct f4e_patch *patch,
                                        enum option_id id, const char *text,
                                        struct failure *failure);

/*
 * "L:2,R:3": the patch's channel, of which it has 'channels', then the
 * device's. Of the side that receives, each channel can be named once.
 */
F4E_MUST_CHECK bool options_value_map(const char *name, const char *text,
                                      bool is_out, unsigned channels,
                                      struct channel_map *map,
                                      struct failure *failure);

/* options_control.c: --set, --load, --list, --params, --views, --watch,
 * --control */

F4E_MUST_CHECK bool options_add_setting(struct options *options, bool is_load,
                                        const char *text,
                                        struct failure *failure);

/* One more --control. */
F4E_MUST_CHECK bool options_add_control(struct options *options,
                                        const char *where,
                                        struct failure *failure);

/* Was this one given? "unix" does not mean "unix:PATH". */
bool options_has_control(const struct options *options, const char *where);

/* The words from argv[first] on: --list, --params and --views take one as a
 * pattern. */
F4E_MUST_CHECK bool options_take_words(struct options *options, int argc,
                                       char **argv, int first,
                                       struct failure *failure);

/* Once all options are known. */
F4E_MUST_CHECK bool options_check_control(const struct options *options,
                                          struct failure *failure);

/* options_device.c: --device jack and what goes with it, once all options are
 * known. */
F4E_MUST_CHECK bool options_check_device(struct options *options,
                                         const struct f4e_patch *patch,
                                         struct failure *failure);

/* options_start.c: --start-at. */
F4E_MUST_CHECK bool options_set_start(struct options *options, const char *text,
                                      struct failure *failure);

/* options_network.c: --http, --osc and what belongs to them, once all options
 * are known. */
F4E_MUST_CHECK bool options_check_network(struct options *options,
                                          struct failure *failure);

/* options_sources.c: --run-entry, --midi-in, --midi-raw, --keyboard, states */

F4E_MUST_CHECK bool options_add_entry(struct options *options,
                                      const struct f4e_patch *patch,
                                      const char *name,
                                      struct failure *failure);

/* 'row' is --midi-in, --midi-raw, --midi or --midi-out. */
F4E_MUST_CHECK bool options_add_midi(struct options *options,
                                     const struct f4e_patch *patch,
                                     const struct option_row *row,
                                     const char *text, struct failure *failure);

/* Another --cc. */
F4E_MUST_CHECK bool options_add_cc(struct options *options, const char *text,
                                   struct failure *failure);

/* Once all options are known; sets is_entries_only. */
F4E_MUST_CHECK bool options_check_sources(struct options *options,
                                          const struct f4e_patch *patch,
                                          struct failure *failure);

#endif
