/* SPDX-License-Identifier: MIT */
/*
 * The options of a finished patch. One table serves parsing, --help and the
 * test that compares it with docs/f4e-patch.1.
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/failure.h"
#include "f4e_patch.h"
#include "rt/convert.h"
#include "rt/engine.h"

enum option_group {
    GROUP_AUDIO,
    GROUP_NAMES,
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
    OPTION_WATCH,
    OPTION_WATCH_RATE,
    OPTION_CONTROL,
    OPTION_FRAMES,
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
    OPTION_REQUIRE_MIDI,
    OPTION_LIST_MIDI,
    OPTION_INFO,
    OPTION_LIST_DEVICES,
    OPTION_JSON,
    OPTION_QUIET,
    OPTION_VERBOSE,
    OPTION_VERSION,
    OPTION_HELP
};

/* One option, as the user sees it. */
struct option_row {
    enum option_id id;
    enum option_group group;
    char letter;          /* short form, or 0 */
    bool is_optional;     /* the argument, then written --name=ARGUMENT */
    const char *name;     /* without the dashes */
    const char *argument; /* what --help calls it, or NULL: takes none */
    const char *text;
    const char *fallback; /* the default, or NULL */
};

extern const struct option_row option_table[];
extern const size_t option_count;

/* What to do about the time that an xrun took. */
enum xrun_policy {
    XRUN_KEEP, /* go on where the patch was: everything comes later */
    XRUN_SKIP, /* render that time and throw it away: stay with the clock */
};

enum { ENTRIES_MAX = 16 }; /* --run-entry */

enum { MIDI_IN_MAX = 16 };

/* "PORT=SOURCE" or "SOURCE". */
struct midi_choice {
    bool has_port; /* else the patch's first one */
    unsigned port; /* of the patch; it has bindings for it */
    const char *text;
};

enum { MAP_MAX = 64 }; /* pairs of a map, and channels of a device in one */

/* Which channel of the patch meets which of the device; the rest is silent. */
struct channel_map {
    unsigned count; /* 0: not given, one to one */
    struct {
        unsigned char patch;  /* the patch has it */
        unsigned char device; /* less than MAP_MAX */
    } pairs[MAP_MAX];
};

enum { SETTINGS_MAX = 256 };

/* One --set or --load, as typed. */
struct option_setting {
    bool is_load;
    const char *text;
};

struct options {
    const char *device;
    bool has_device;       /* it was given */
    const char *in_device; /* NULL: the same device */
    unsigned period_frames;
    unsigned periods;
    unsigned latency; /* which preset gave what of these was not given */
    bool has_format;
    enum sample_format format; /* F32 unless has_format */
    bool is_dithering;         /* TPDF, for S16 */
    struct channel_map out_map;
    struct channel_map in_map;
    bool is_input_off; /* silence for the inputs, no capture */
    bool is_resampling;
    enum xrun_policy xrun_policy;
    unsigned max_xruns; /* 0: no limit */
    int wait_device_s;  /* for a lost device: -1 not at all, 0 for ever */
    unsigned fade_ms;   /* at the end */
    unsigned rt_prio;   /* 1 to 99, 0: no real-time scheduling */
    bool is_dummy;
    bool is_flushing;
    enum trap_policy on_trap;
    struct option_setting settings[SETTINGS_MAX]; /* as given */
    unsigned setting_count;
    bool is_list;
    bool is_params;
    const char *pattern; /* of --list and --params: a name; NULL: all */
    const char *watch;   /* names, or NULL */
    unsigned watch_hz;
    const char *control;  /* "-": standard input; or NULL */
    const char *script;   /* or NULL, as all paths below */
    bool has_limit;       /* --frames, --seconds or --blocks */
    uint64_t frame_limit; /* UINT64_MAX without one */
    bool is_stats;
    unsigned stats_s; /* a line every so many seconds, 0: at the end only */
    const char *stats_json;
    bool is_meter;
    const char *render; /* "-": standard output */
    const char *record; /* a file, while it plays */
    const char *input;
    const char *input_raw; /* "-": standard input */
    const char *dump_memory;
    const char *state; /* loaded when there, and saved */
    const char *load_state;
    const char *save_state;
    bool is_state_by_name;
    bool is_state_reset;
    const struct f4e_export *entries[ENTRIES_MAX]; /* to call at the start */
    unsigned entry_count;
    struct midi_choice midi_in[MIDI_IN_MAX];
    unsigned midi_in_count;
    bool is_midi_off;            /* --midi-in none */
    struct midi_choice midi_raw; /* its text NULL: none */
    bool is_midi_required;
    bool is_midi_listing; /* --list-midi */
    const char *keyboard; /* "tty", "evdev", a path; NULL: none */
    bool is_entries_only; /* then end: nothing asks for more */
    bool is_info;
    bool is_listing; /* --list-devices */
    bool is_json;
    bool is_quiet;
    bool is_verbose;
    bool is_version;
    bool is_help;
};

/*
 * Parse the command line; strings stay the caller's. The limit is turned into
 * frames with the patch's rate and block. Fails with STATUS_USAGE.
 */
bool options_parse(struct options *options, const struct f4e_patch *patch,
                   int argc, char **argv, struct failure *failure);

/* Add a --set or --load. Fails with STATUS_USAGE when there are too many. */
bool options_add_setting(struct options *options, bool is_load,
                         const char *text, struct failure *failure);

/* The same for words that stand alone: one, for --list and --params. */
bool options_take_words(struct options *options, int argc, char **argv,
                        int first, struct failure *failure);

/* What --list, --params, --watch and --control need and exclude. */
bool options_check_names(const struct options *options,
                         struct failure *failure);

/*
 * Record an option that is not in the table, with the nearest one as a hint.
 * 'word' is as typed, dashes and '=value' included. Always false.
 */
bool options_fail_unknown(const char *word, struct failure *failure);

/* Print --help for a program called 'program'. */
void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file);

#endif
