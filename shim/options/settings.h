/* SPDX-License-Identifier: MIT */
/*
 * The values of all options of a finished patch, as plain data: every room
 * reads them here and only options/ writes them. Strings belong to the command
 * line. Constant once options_parse() has returned, so any thread may read.
 */
#ifndef F4E_SETTINGS_H
#define F4E_SETTINGS_H

#include "f4e_patch.h"
#include "rt/convert.h"
#include "rt/trap_policy.h"

#include <stdbool.h>
#include <stdint.h>

/* What to do about the time that an xrun took. */
enum xrun_policy {
    XRUN_KEEP, /* go on where the patch was: everything comes later */
    XRUN_SKIP, /* render that time and throw it away: stay with the clock */
};

/* For which --completion prints a script. */
enum completion_shell { SHELL_NONE, SHELL_BASH, SHELL_ZSH };

enum { ENTRIES_MAX = 16 }; /* --run-entry */

enum { MIDI_IN_MAX = 16, MIDI_OUT_MAX = 16 };

/* "PORT=SOURCE" or "SOURCE". */
struct midi_choice {
    bool has_port; /* else the patch's first one */
    unsigned port; /* of the patch; it has bindings for it */
    const char *text;
};

enum { CC_MAX = 128 }; /* --cc */

enum { MAP_MAX = 64 }; /* pairs of a map, and channels of a device in one */

/* Which channel of the patch meets which of the device; the rest is silent. */
struct channel_map {
    unsigned count; /* 0: not given, one to one */
    struct {
        unsigned char patch;  /* the patch has it */
        unsigned char device; /* less than MAP_MAX */
    } pairs[MAP_MAX];
};

enum { CONTROLS_MAX = 4 };

enum { SETTINGS_MAX = 256 };

/* One --set or --load, as typed. */
struct option_setting {
    bool is_load;
    const char *text;
};

/* Flags first, then what is asked for most often, large ones last: what lies
 * near the start is reached by shorter instructions. */
struct options {
    bool has_device;     /* it was given */
    bool is_jack;        /* the device is a JACK server */
    bool is_unconnected; /* our ports there are left alone */
    bool is_start_local; /* start_at_ns named no zone: this machine's */
    bool has_format;
    bool is_dithering; /* TPDF, for S16 */
    bool is_input_off; /* silence for the inputs, no capture */
    bool is_resampling;
    bool is_dummy;
    bool is_flushing;
    bool is_list;
    bool is_params;
    bool is_views;
    bool has_replies; /* pipes of --control are answered in JSON */
    bool has_http;
    bool has_http_port; /* it was given; else the next free one will do */
    bool has_osc;
    bool has_osc_port; /* else that of HTTP, or the next free one */
    bool has_programs; /* MIDI program changes load presets */
    bool has_limit;    /* --frames, --seconds or --blocks */
    bool is_stats;
    bool is_meter;
    bool is_state_by_name;
    bool is_state_reset;
    bool is_midi_off;        /* --midi-in none */
    bool is_midi_out_off;    /* --midi-out none */
    bool has_running_status; /* of --midi-out-raw */
    bool is_midi_loop;       /* --midi again and again */
    bool is_midi_required;
    bool is_notes_off;    /* of a MIDI source that disappears */
    bool is_midi_listing; /* --list-midi */
    bool is_entries_only; /* then end: nothing asks for more */
    bool has_versions;    /* what the patch lacks, a later one may have */
    bool is_info;
    bool is_listing; /* --list-devices */
    bool is_json;
    bool is_quiet;
    bool is_verbose;
    bool is_version;
    bool is_help;

    unsigned setting_count;
    unsigned control_count;
    unsigned cc_count;
    unsigned entry_count;
    unsigned midi_in_count;
    unsigned midi_out_count;

    /* Paths, or NULL. */
    const char *render;   /* "-": standard output */
    const char *state;    /* loaded when there, and saved */
    const char *input;    /* "-": standard input */
    const char *record;   /* a file, while it plays */
    const char *keyboard; /* "tty", "evdev", a path */
    const char *save_state;
    const char *midi_out_raw;  /* "-", a path, a device */
    const char *midi_out_file; /* --midi-out FILE.mid */
    const char *input_raw;     /* "-": likewise */
    const char *load_state;
    const char *dump_memory;
    const char *stats_json;
    const char *script;
    const char *token_file;
    const char *presets; /* NULL: at the default place */
    const char *cc_map;  /* likewise; "none" */

    const char *device;
    const char *in_device; /* NULL: the same device */
    const char *http_bind; /* an address in numbers */
    const char *osc_bind;  /* likewise */
    const char *preset;    /* to start with, or NULL */
    const char *pattern;   /* of --list and so on: a name; NULL: all */
    const char *watch;     /* names, or NULL */

    uint64_t frame_limit; /* UINT64_MAX without one */
    int64_t start_at_ns;  /* of the system's clock, since 1970; 0: at once */
    unsigned period_frames;
    unsigned periods;
    unsigned latency;          /* the preset for what of these was not given */
    enum sample_format format; /* F32 unless has_format */
    enum xrun_policy xrun_policy;
    enum trap_policy on_trap;
    enum completion_shell shell;
    unsigned max_xruns; /* 0: no limit */
    int wait_device_s;  /* for a lost device: -1 not at all, 0 for ever */
    unsigned fade_ms;   /* at the end */
    unsigned rt_prio;   /* 1 to 99, 0: no real-time scheduling */
    unsigned watch_hz;
    unsigned http_port; /* 0: any that is free */
    unsigned osc_port;  /* likewise */
    unsigned stats_s;   /* a line every so many seconds, 0: at the end only */
    unsigned program_channel; /* of has_programs, 1 to 16; 0: on all */
    unsigned midi_latency_ms; /* from a message to its sound; 0: at once */

    struct midi_choice midi_raw;        /* its text NULL: none */
    struct midi_choice midi_file;       /* to be played from; likewise */
    const char *controls[CONTROLS_MAX]; /* "-", "unix", "unix:PATH", a pipe */
    char jack_client[64];               /* that we are of is_jack */
    char start_text[80]; /* start_at_ns as clocks here show it, with zone */
    struct channel_map out_map;
    struct channel_map in_map;
    const char *cc[CC_MAX];                        /* "74=filter:cutoff:0:1" */
    const struct f4e_export *entries[ENTRIES_MAX]; /* to call at the start */
    struct midi_choice midi_in[MIDI_IN_MAX];
    struct midi_choice midi_out[MIDI_OUT_MAX];
    struct option_setting settings[SETTINGS_MAX]; /* as given */
};

#endif
