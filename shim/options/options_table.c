/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h, and --help in options/options.h. */
#include "options/options.h"

#include "common/nearest.h"
#include "options/options_internal.h"

#include <string.h>

const struct option_row option_table[] = {
    {OPTION_DEVICE, GROUP_AUDIO, 0, false, "device", "NAME",
     "ALSA device to play on; jack is a JACK server, jack:CLIENT under that "
     "name",
     "default"},
    {OPTION_IN_DEVICE, GROUP_AUDIO, 0, false, "in-device", "NAME",
     "ALSA device for the inputs", "that of --device"},
    {OPTION_NO_CONNECT, GROUP_AUDIO, 0, false, "no-connect", NULL,
     "leave the ports of --device jack unconnected", NULL},
    {OPTION_PERIOD, GROUP_AUDIO, 0, false, "period", "FRAMES",
     "frames per period of the device", "128"},
    {OPTION_PERIODS, GROUP_AUDIO, 0, false, "periods", "N",
     "periods in the device's buffer", "4"},
    {OPTION_LATENCY, GROUP_AUDIO, 0, false, "latency", "NAME",
     "both of them: ultra is 128 x 2, low 128 x 4, safe 512 x 4", "low"},
    {OPTION_FORMAT, GROUP_AUDIO, 0, false, "format", "NAME",
     "samples: f32, s32, s24, s24_3 or s16 for a device, f32, s24 or s16 for "
     "a file",
     "best the device has; f32 in a file"},
    {OPTION_DITHER, GROUP_AUDIO, 0, false, "dither", "NAME",
     "noise that hides the rounding to 16 bits: none or tpdf", "none"},
    {OPTION_OUT_MAP, GROUP_AUDIO, 0, false, "out-map", "MAP",
     "device channels for the outputs, from 0: L:2,R:3", "L:0,R:1 and so on"},
    {OPTION_IN_MAP, GROUP_AUDIO, 0, false, "in-map", "MAP",
     "device channels for the inputs, likewise", "L:0,R:1 and so on"},
    {OPTION_RESAMPLE, GROUP_AUDIO, 0, false, "resample", NULL,
     "let alsa-lib convert the rate when the device has another", NULL},
    {OPTION_XRUN, GROUP_AUDIO, 0, false, "xrun", "WHAT",
     "after an xrun keep the patch's time, or skip what was lost: keep or skip",
     "keep"},
    {OPTION_MAX_XRUNS, GROUP_AUDIO, 0, false, "max-xruns", "N",
     "end with status 7 after more than N xruns; 0 is no limit", "0"},
    {OPTION_WAIT_DEVICE, GROUP_AUDIO, 0, true, "wait-device", "SEC",
     "when the device is lost wait for it, at most SEC seconds", NULL},
    {OPTION_FADE, GROUP_AUDIO, 0, false, "fade", "MS",
     "fade out over MS milliseconds at the end", "0"},
    {OPTION_RT_PRIO, GROUP_AUDIO, 0, false, "rt-prio", "N",
     "real-time priority, 1 to 99; 0 is none", "70"},
    {OPTION_DUMMY, GROUP_AUDIO, 0, false, "dummy", NULL,
     "play to nowhere, at the pace of the clock", NULL},
    {OPTION_DENORMALS, GROUP_AUDIO, 0, false, "denormals", "MODE",
     "flush tiny numbers to zero, or keep them: flush or ieee", "flush"},
    {OPTION_ON_TRAP, GROUP_AUDIO, 0, false, "on-trap", "WHAT",
     "when the patch traps: stop, reset or silence", "stop"},
    {OPTION_SET, GROUP_NAMES, 0, false, "set", "NAME=VALUE",
     "set a variable before the start, or at a time: 1.5s:module:variable=0.2",
     NULL},
    {OPTION_LOAD, GROUP_NAMES, 0, false, "load", "NAME=FILE",
     "fill a buffer with bare bytes or a WAV file, likewise", NULL},
    {OPTION_SCRIPT, GROUP_NAMES, 0, false, "script", "FILE",
     "set, load, call and send MIDI at the times given there", NULL},
    {OPTION_CONTROL, GROUP_NAMES, 0, false, "control", "WHERE",
     "while playing do what is asked there: unix is a socket that 'ctl' "
     "finds, unix:PATH another, - standard input, else a pipe",
     NULL},
    {OPTION_CONTROL_REPLIES, GROUP_NAMES, 0, false, "control-replies", NULL,
     "answer each line from a pipe or standard input, in JSON", NULL},
    {OPTION_HTTP, GROUP_NETWORK, 0, true, "http", "PORT",
     "serve a page and the control over HTTP, on this machine only unless "
     "--http-bind says more; 0 is any port",
     "8486, or the next that is free"},
    {OPTION_HTTP_BIND, GROUP_NETWORK, 0, false, "http-bind", "ADDRESS",
     "address to serve at: 0.0.0.0 is all of IPv4, :: all; others than this "
     "machine then need a token",
     "127.0.0.1"},
    {OPTION_OSC, GROUP_NETWORK, 0, true, "osc", "PORT",
     "be played by OSC messages, from this machine only unless --osc-bind says "
     "more; 0 is any port",
     "that of --http, or 8486, or the next that is free"},
    {OPTION_OSC_BIND, GROUP_NETWORK, 0, false, "osc-bind", "ADDRESS",
     "address to take them at, as for --http-bind", "127.0.0.1"},
    {OPTION_TOKEN_FILE, GROUP_NETWORK, 0, false, "token-file", "FILE",
     "ask everybody for the token in its first line; a file that is not there "
     "is made",
     NULL},
    {OPTION_WATCH, GROUP_NAMES, 0, false, "watch", "NAMES",
     "print these variables once a second, on standard output", NULL},
    {OPTION_WATCH_RATE, GROUP_NAMES, 0, false, "watch-rate", "HZ",
     "how often a second", "1"},
    {OPTION_PRESETS, GROUP_NAMES, 0, false, "presets", "FILE",
     "keep presets in this file", "~/.config/f4e/PATCH.presets.json"},
    {OPTION_PRESET, GROUP_NAMES, 0, false, "preset", "NAME",
     "start with this preset", NULL},
    {OPTION_LIST, GROUP_NAMES, 0, true, "list", "NAME",
     "list all variables, or those that match: 'filter:*'", NULL},
    {OPTION_PARAMS, GROUP_NAMES, 0, false, "params", NULL,
     "list the sliders, buttons and switches", NULL},
    {OPTION_VIEWS, GROUP_NAMES, 0, false, "views", NULL,
     "list the watches, meters, plots, waves and pianos", NULL},
    {OPTION_START_AT, GROUP_AUDIO, 0, false, "start-at", "TIME",
     "first frame at that time of the clock: 20:00, +10s, "
     "2027-01-31T20:00:00+01:00, or seconds since 1970",
     NULL},
    {OPTION_CYCLES, GROUP_AUDIO, 0, false, "cycles", "N",
     "end after N calls of main, as the language counts: one for each frame, "
     "or for each tick of a timer",
     NULL},
    {OPTION_FRAMES, GROUP_AUDIO, 0, false, "frames", "N", "end after N frames",
     NULL},
    {OPTION_SECONDS, GROUP_AUDIO, 0, false, "seconds", "S",
     "end after S seconds", NULL},
    {OPTION_BLOCKS, GROUP_AUDIO, 0, false, "blocks", "N", "end after N blocks",
     NULL},
    {OPTION_STATS, GROUP_REPORT, 0, true, "stats", "SEC",
     "print statistics at the end, and every SEC seconds", NULL},
    {OPTION_STATS_JSON, GROUP_REPORT, 0, false, "stats-json", "FILE",
     "write them there as JSON, at the end and on SIGUSR1", NULL},
    {OPTION_METER, GROUP_REPORT, 0, false, "meter", NULL,
     "show the level of the outputs on the terminal", NULL},
    {OPTION_RENDER, GROUP_RENDER, 0, false, "render", "FILE",
     "write a WAV file instead of playing, as fast as it goes; needs a limit; "
     "- writes bare samples to standard output, none writes nothing",
     NULL},
    {OPTION_RECORD, GROUP_RENDER, 0, false, "record", "FILE",
     "write what is played to a WAV file too", NULL},
    {OPTION_INPUT, GROUP_RENDER, 0, false, "input", "FILE",
     "WAV file for the input channels of a render; off: silence for them, also "
     "when playing",
     NULL},
    {OPTION_INPUT_RAW, GROUP_RENDER, 0, false, "input-raw", "FILE",
     "bare interleaved 32-bit floats for the input channels; - is standard "
     "input",
     NULL},
    {OPTION_DUMP_MEMORY, GROUP_RENDER, 0, false, "dump-memory", "FILE",
     "at the end write memory 0 there, further memories to FILE.1, FILE.2",
     NULL},
    {OPTION_RUN_ENTRY, GROUP_STATE, 0, false, "run-entry", "NAME",
     "call an exported function at the start; then end, unless an option asks "
     "to play or render",
     NULL},
    {OPTION_STATE, GROUP_STATE, 0, false, "state", "FILE",
     "start with the memory saved there, if there is one; save it at the end "
     "and on SIGUSR2",
     NULL},
    {OPTION_LOAD_STATE, GROUP_STATE, 0, false, "load-state", "FILE",
     "start with the memory saved there", NULL},
    {OPTION_SAVE_STATE, GROUP_STATE, 0, false, "save-state", "FILE",
     "save all memory there, at the end and on SIGUSR2", NULL},
    {OPTION_STATE_BY_NAME, GROUP_STATE, 0, false, "state-by-name", NULL,
     "take a state of another build too: variables of the same name and type",
     NULL},
    {OPTION_RESET_STATE, GROUP_STATE, 0, false, "reset-state", NULL,
     "start from the defaults although a state is there", NULL},
    {OPTION_KEYBOARD, GROUP_PLAYING, 0, true, "keyboard", "WHERE",
     "play on the keyboard: tty is the terminal, evdev the first one of this "
     "machine, or a device such as /dev/input/event3",
     "tty"},
    {OPTION_MIDI_IN, GROUP_PLAYING, 0, false, "midi-in", "WHICH",
     "MIDI port to be played from: part of its name, or its address, "
     "PORT=WHICH "
     "for one port of the patch; or none",
     "all hardware"},
    {OPTION_MIDI_RAW, GROUP_PLAYING, 0, false, "midi-raw", "FILE",
     "take MIDI bytes from a file, a pipe or a raw device such as hw:1,0,0; - "
     "is standard input",
     NULL},
    {OPTION_MIDI, GROUP_PLAYING, 0, false, "midi", "FILE",
     "play a standard MIDI file, also with --render; PORT=FILE for one port of "
     "the patch",
     NULL},
    {OPTION_MIDI_LOOP, GROUP_PLAYING, 0, false, "midi-loop", NULL,
     "play it again and again", NULL},
    {OPTION_MIDI_LATENCY, GROUP_PLAYING, 0, false, "midi-latency", "MS",
     "let every message that comes in be heard so much later, instead of as "
     "soon as possible",
     NULL},
    {OPTION_MIDI_OUT, GROUP_PLAYING, 0, false, "midi-out", "WHICH",
     "MIDI port that the patch plays: part of its name, or its address, "
     "PORT=WHICH for one port of the patch; or none; or FILE.mid to write, "
     "also "
     "with --render",
     "a port of its own"},
    {OPTION_MIDI_OUT_RAW, GROUP_PLAYING, 0, false, "midi-out-raw", "FILE",
     "send MIDI bytes to a file, a pipe or a raw device such as hw:1,0,0; - is "
     "standard output",
     NULL},
    {OPTION_MIDI_RUNNING_STATUS, GROUP_PLAYING, 0, false, "midi-running-status",
     NULL, "leave out a status there that is the last one's", NULL},
    {OPTION_PRESET_PROGRAMS, GROUP_PLAYING, 0, true, "preset-programs",
     "CHANNEL", "MIDI program changes load presets, from 0 by name", NULL},
    {OPTION_CC, GROUP_PLAYING, 0, false, "cc", "CC=NAME",
     "a MIDI controller moves a variable: 74=filter:cutoff, with a range "
     "74=filter:cutoff:0:1",
     NULL},
    {OPTION_CC_MAP, GROUP_PLAYING, 0, false, "cc-map", "FILE",
     "keep what controllers move in this file; or none",
     "~/.config/f4e/PATCH.cc.json"},
    {OPTION_REQUIRE_MIDI, GROUP_PLAYING, 0, false, "require-midi", NULL,
     "end with status 8 when no MIDI port is there", NULL},
    {OPTION_NOTES_OFF, GROUP_PLAYING, 0, false, "notes-off", NULL,
     "when a MIDI source disappears, end the notes that it holds", NULL},
    {OPTION_INFO, GROUP_INFO, 0, false, "info", NULL, "describe the patch",
     NULL},
    {OPTION_LIST_DEVICES, GROUP_INFO, 0, false, "list-devices", NULL,
     "list the devices and which of them can play the patch", NULL},
    {OPTION_LIST_MIDI, GROUP_INFO, 0, false, "list-midi", NULL,
     "list the MIDI ports that can be played from or sent to", NULL},
    {OPTION_JSON, GROUP_INFO, 0, false, "json", NULL,
     "with --info, --list, --params, --views, --list-devices or --list-midi: "
     "as JSON",
     NULL},
    {OPTION_COMPLETION, GROUP_INFO, 0, false, "completion", "SHELL",
     "print what bash or zsh loads to complete the words behind this program",
     NULL},
    {OPTION_QUIET, GROUP_INFO, 'q', false, "quiet", NULL, "print errors only",
     NULL},
    {OPTION_VERBOSE, GROUP_INFO, 'v', false, "verbose", NULL, "print more",
     NULL},
    {OPTION_VERSION, GROUP_INFO, 0, false, "version", NULL,
     "print what this program was made from", NULL},
    {OPTION_HELP, GROUP_INFO, 'h', false, "help", NULL, "print this text",
     NULL},
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

bool options_fail_unknown(const char *word, struct failure *failure)
{
    char name[32];
    const char *start = word + strspn(word, "-");
    size_t length = strcspn(start, "=");
    (void)failure_set(failure, STATUS_USAGE, "unknown option '%.*s'",
                      (int)(start - word + (ptrdiff_t)length), word);
    if (length >= sizeof(name)) {
        return false;
    }
    memcpy(name, start, length);
    name[length] = '\0';
    const char *nearest = NULL;
    size_t least = nearest_limit(name) + 1;
    for (size_t i = 0; i < option_count; i++) {
        /* The start of a name is taken for it, as far as a hint goes. */
        size_t edits =
            length > 1 && strncmp(option_table[i].name, name, length) == 0
                ? 1
                : nearest_distance(name, option_table[i].name);
        if (edits < least) {
            least = edits;
            nearest = option_table[i].name;
        }
    }
    return nearest != NULL
               ? failure_hint(failure, "did you mean --%s?", nearest)
               : failure_hint(failure, "--help lists the options");
}

/* Print 'text' from column HELP_COLUMN on, broken at blanks. */
static void print_wrapped(const char *text, FILE *file)
{
    enum { HELP_COLUMN = 26, HELP_WIDTH = 53 };
    while (*text != '\0') {
        size_t length = strlen(text);
        if (length > HELP_WIDTH) {
            length = HELP_WIDTH;
            while (text[length] != ' ') {
                --length;
            }
        }
        (void)fprintf(file, "%.*s\n", (int)length, text);
        text += length + (text[length] == ' ');
        if (*text != '\0') {
            (void)fprintf(file, "%*s", HELP_COLUMN, "");
        }
    }
}

static void print_row(const struct option_row *row, FILE *file)
{
    enum { LEFT_COLUMNS = 25 };
    char left[40];
    char right[256];
    char letter[5] = "    ";
    if (row->letter != 0) {
        (void)snprintf(letter, sizeof(letter), "-%c, ", row->letter);
    }
    (void)snprintf(left, sizeof(left), "  %s--%s%s%s%s", letter, row->name,
                   row->is_optional        ? "[="
                   : row->argument != NULL ? " "
                                           : "",
                   row->argument != NULL ? row->argument : "",
                   row->is_optional ? "]" : "");
    (void)snprintf(right, sizeof(right), "%s%s%s%s", row->text,
                   row->fallback != NULL ? " (default: " : "",
                   row->fallback != NULL ? row->fallback : "",
                   row->fallback != NULL ? ")" : "");
    (void)fprintf(file, "%-25s ", left);
    if (strlen(left) > LEFT_COLUMNS) {
        (void)fprintf(file, "\n%*s", LEFT_COLUMNS + 1, "");
    }
    print_wrapped(right, file);
}

void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file)
{
    static const char *const titles[GROUP_COUNT] = {
        "Audio",  "Names", "Network", "Report",
        "Render", "State", "Playing", "Info"};
    (void)fprintf(file,
                  "usage: %s [options]\n"
                  "       %s ctl [--socket PATH] [--json] [--timeout SECONDS] "
                  "COMMAND...\n\n",
                  program, program);
    if (patch->tick_ms > 0) {
        (void)fprintf(file,
                      "Runs the patch '%s': main every %u ms, no audio.\n",
                      patch->name, patch->tick_ms);
    } else {
        (void)fprintf(file, "Plays the patch '%s': %u Hz, %u out, %u in.\n",
                      patch->name, (unsigned)patch->sample_rate,
                      patch->output_count, patch->input_count);
    }
    for (unsigned group = 0; group < GROUP_COUNT; group++) {
        (void)fprintf(file, "\n%s:\n", titles[group]);
        for (size_t i = 0; i < option_count; i++) {
            if (option_table[i].group == group) {
                print_row(&option_table[i], file);
            }
        }
    }
    (void)fprintf(file,
                  "\nExamples:\n"
                  "  %s --device hw:CARD=USB,DEV=0\n"
                  "  %s --render out.wav --seconds 10\n"
                  "  %s --render - --blocks 1000 | sha256sum\n",
                  program, program, program);
}
