/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h, and --help in options/options.h. */
#include "options/options.h"

#include "common/nearest.h"
#include "common/words.h"
#include "options/options_internal.h"

#include <string.h>

/*
 * The rows: id, group, short form or 0, whether the value is optional; then the
 * name, what --help calls the value ("" takes none), what the option does, and
 * the default ("" has none).
 */
#define OPTIONS(ROW)                                                           \
    ROW(DEVICE, AUDIO, 0, false, "device", "NAME",                             \
        "ALSA device to play on; jack is a JACK server, jack:CLIENT under "    \
        "that name",                                                           \
        "default")                                                             \
    ROW(IN_DEVICE, AUDIO, 0, false, "in-device", "NAME",                       \
        "ALSA device for the inputs", "that of --device")                      \
    ROW(NO_CONNECT, AUDIO, 0, false, "no-connect", "",                         \
        "leave the ports of --device jack unconnected", "")                    \
    ROW(PERIOD, AUDIO, 0, false, "period", "FRAMES",                           \
        "frames per period of the device", "128")                              \
    ROW(PERIODS, AUDIO, 0, false, "periods", "N",                              \
        "periods in the device's buffer", "4")                                 \
    ROW(LATENCY, AUDIO, 0, false, "latency", "NAME",                           \
        "both of them: ultra is 128 x 2, low 128 x 4, safe 512 x 4", "low")    \
    ROW(FORMAT, AUDIO, 0, false, "format", "NAME",                             \
        "samples: f32, s32, s24, s24_3 or s16 for a device, f32, s24 or s16 "  \
        "for a file",                                                          \
        "best the device has; f32 in a file")                                  \
    ROW(DITHER, AUDIO, 0, false, "dither", "NAME",                             \
        "noise that hides the rounding to 16 bits: none or tpdf", "none")      \
    ROW(OUT_MAP, AUDIO, 0, false, "out-map", "MAP",                            \
        "device channels for the outputs, from 0: L:2,R:3",                    \
        "L:0,R:1 and so on")                                                   \
    ROW(IN_MAP, AUDIO, 0, false, "in-map", "MAP",                              \
        "device channels for the inputs, likewise", "L:0,R:1 and so on")       \
    ROW(RESAMPLE, AUDIO, 0, false, "resample", "",                             \
        "let alsa-lib convert the rate when the device has another", "")       \
    ROW(XRUN, AUDIO, 0, false, "xrun", "WHAT",                                 \
        "after an xrun keep the patch's time, or skip what was lost: keep or " \
        "skip",                                                                \
        "keep")                                                                \
    ROW(MAX_XRUNS, AUDIO, 0, false, "max-xruns", "N",                          \
        "end with status 7 after more than N xruns; 0 is no limit", "0")       \
    ROW(WAIT_DEVICE, AUDIO, 0, true, "wait-device", "SEC",                     \
        "when the device is lost wait for it, at most SEC seconds", "")        \
    ROW(FADE, AUDIO, 0, false, "fade", "MS",                                   \
        "fade out over MS milliseconds at the end", "0")                       \
    ROW(RT_PRIO, AUDIO, 0, false, "rt-prio", "N",                              \
        "real-time priority, 1 to 99; 0 is none", "70")                        \
    ROW(DUMMY, AUDIO, 0, false, "dummy", "",                                   \
        "play to nowhere, at the pace of the clock", "")                       \
    ROW(DENORMALS, AUDIO, 0, false, "denormals", "MODE",                       \
        "flush tiny numbers to zero, or keep them: flush or ieee", "flush")    \
    ROW(ON_TRAP, AUDIO, 0, false, "on-trap", "WHAT",                           \
        "when the patch traps: stop, reset or silence", "stop")                \
    ROW(SET, NAMES, 0, false, "set", "NAME=VALUE",                             \
        "set a variable before the start, or at a time: "                      \
        "1.5s:module:variable=0.2",                                            \
        "")                                                                    \
    ROW(LOAD, NAMES, 0, false, "load", "NAME=FILE",                            \
        "fill a buffer with bare bytes or a WAV file, likewise", "")           \
    ROW(SCRIPT, NAMES, 0, false, "script", "FILE",                             \
        "set, load, call and send MIDI at the times given there; - is "        \
        "standard input",                                                      \
        "")                                                                    \
    ROW(CONTROL, NAMES, 0, false, "control", "WHERE",                          \
        "while playing do what is asked there: unix is a socket that 'ctl' "   \
        "finds, unix:PATH another, - standard input, else a pipe",             \
        "")                                                                    \
    ROW(CONTROL_REPLIES, NAMES, 0, false, "control-replies", "",               \
        "answer each line from a pipe or standard input, in JSON", "")         \
    ROW(HTTP, NETWORK, 0, true, "http", "PORT",                                \
        "serve a page and the control over HTTP, on this machine only unless " \
        "--http-bind says more; 0 is any port",                                \
        "8486, or the next that is free")                                      \
    ROW(HTTP_BIND, NETWORK, 0, false, "http-bind", "ADDRESS",                  \
        "address to serve at: 0.0.0.0 is all of IPv4, :: all; others than "    \
        "this machine then need a token",                                      \
        "127.0.0.1")                                                           \
    ROW(OSC, NETWORK, 0, true, "osc", "PORT",                                  \
        "be played by OSC messages, from this machine only unless --osc-bind " \
        "says more; 0 is any port",                                            \
        "that of --http, or 8486, or the next that is free")                   \
    ROW(OSC_BIND, NETWORK, 0, false, "osc-bind", "ADDRESS",                    \
        "address to take them at, as for --http-bind", "127.0.0.1")            \
    ROW(TOKEN_FILE, NETWORK, 0, false, "token-file", "FILE",                   \
        "ask everybody for the token in its first line; a file that is not "   \
        "there is made",                                                       \
        "")                                                                    \
    ROW(WATCH, NAMES, 0, false, "watch", "NAMES",                              \
        "print these variables once a second, on standard output", "")         \
    ROW(WATCH_RATE, NAMES, 0, false, "watch-rate", "HZ", "how often a second", \
        "1")                                                                   \
    ROW(PRESETS, NAMES, 0, false, "presets", "FILE",                           \
        "keep presets in this file", "~/.config/f4e/PATCH.presets.json")       \
    ROW(PRESET, NAMES, 0, false, "preset", "NAME", "start with this preset",   \
        "")                                                                    \
    ROW(LIST, NAMES, 0, true, "list", "NAME",                                  \
        "list all variables, or those that match: 'filter:*'", "")             \
    ROW(PARAMS, NAMES, 0, false, "params", "",                                 \
        "list the sliders, buttons and switches", "")                          \
    ROW(VIEWS, NAMES, 0, false, "views", "",                                   \
        "list the watches, meters, plots, waves and pianos", "")               \
    ROW(START_AT, AUDIO, 0, false, "start-at", "TIME",                         \
        "first frame at that time of the clock: 20:00, +10s, "                 \
        "2027-01-31T20:00:00+01:00, or seconds since 1970",                    \
        "")                                                                    \
    ROW(CYCLES, AUDIO, 0, false, "cycles", "N",                                \
        "end after N calls of main, as the language counts: one for each "     \
        "frame, or for each tick of a timer",                                  \
        "")                                                                    \
    ROW(FRAMES, AUDIO, 0, false, "frames", "N", "end after N frames", "")      \
    ROW(SECONDS, AUDIO, 0, false, "seconds", "S", "end after S seconds", "")   \
    ROW(BLOCKS, AUDIO, 0, false, "blocks", "N", "end after N blocks", "")      \
    ROW(STATS, REPORT, 0, true, "stats", "SEC",                                \
        "print statistics at the end, and every SEC seconds", "")              \
    ROW(STATS_JSON, REPORT, 0, false, "stats-json", "FILE",                    \
        "write them there as JSON, at the end and on SIGUSR1", "")             \
    ROW(METER, REPORT, 0, false, "meter", "",                                  \
        "show the level of the outputs on the terminal", "")                   \
    ROW(RENDER, RENDER, 0, false, "render", "FILE",                            \
        "write a WAV file instead of playing, as fast as it goes; needs a "    \
        "limit; - writes bare samples to standard output, none writes "        \
        "nothing",                                                             \
        "")                                                                    \
    ROW(RECORD, RENDER, 0, false, "record", "FILE",                            \
        "write what is played to a WAV file too", "")                          \
    ROW(INPUT, RENDER, 0, false, "input", "FILE",                              \
        "WAV file for the input channels of a render; - is standard input; "   \
        "off: silence for them, also when playing",                            \
        "")                                                                    \
    ROW(INPUT_RAW, RENDER, 0, false, "input-raw", "FILE",                      \
        "bare interleaved 32-bit floats for the input channels; - is "         \
        "standard input",                                                      \
        "")                                                                    \
    ROW(DUMP_MEMORY, RENDER, 0, false, "dump-memory", "FILE",                  \
        "at the end write memory 0 there, further memories to FILE.1, FILE.2", \
        "")                                                                    \
    ROW(RUN_ENTRY, STATE, 0, false, "run-entry", "NAME",                       \
        "call an exported function at the start; then end, unless an option "  \
        "asks to play or render",                                              \
        "")                                                                    \
    ROW(STATE, STATE, 0, false, "state", "FILE",                               \
        "start with the memory saved there, if there is one; save it at the "  \
        "end and on SIGUSR2",                                                  \
        "")                                                                    \
    ROW(LOAD_STATE, STATE, 0, false, "load-state", "FILE",                     \
        "start with the memory saved there", "")                               \
    ROW(SAVE_STATE, STATE, 0, false, "save-state", "FILE",                     \
        "save all memory there, at the end and on SIGUSR2", "")                \
    ROW(STATE_BY_NAME, STATE, 0, false, "state-by-name", "",                   \
        "take a state of another build too: variables of the same name and "   \
        "type",                                                                \
        "")                                                                    \
    ROW(RESET_STATE, STATE, 0, false, "reset-state", "",                       \
        "start from the defaults although a state is there", "")               \
    ROW(KEYBOARD, PLAYING, 0, true, "keyboard", "WHERE",                       \
        "play on the keyboard: tty is the terminal, evdev the first one of "   \
        "this machine, or a device such as /dev/input/event3",                 \
        "tty")                                                                 \
    ROW(MIDI_IN, PLAYING, 0, false, "midi-in", "WHICH",                        \
        "MIDI port to be played from: part of its name, or its address, "      \
        "PORT=WHICH for one port of the patch; or none",                       \
        "all hardware")                                                        \
    ROW(MIDI_RAW, PLAYING, 0, false, "midi-raw", "FILE",                       \
        "take MIDI bytes from a file, a pipe or a raw device such as "         \
        "hw:1,0,0; - is standard input",                                       \
        "")                                                                    \
    ROW(MIDI, PLAYING, 0, false, "midi", "FILE",                               \
        "play a standard MIDI file, also with --render; - is standard input; " \
        "PORT=FILE for one port of the patch",                                 \
        "")                                                                    \
    ROW(MIDI_LOOP, PLAYING, 0, false, "midi-loop", "",                         \
        "play it again and again", "")                                         \
    ROW(MIDI_LATENCY, PLAYING, 0, false, "midi-latency", "MS",                 \
        "let every message that comes in be heard so much later, instead of "  \
        "as soon as possible",                                                 \
        "")                                                                    \
    ROW(MIDI_OUT, PLAYING, 0, false, "midi-out", "WHICH",                      \
        "MIDI port that the patch plays: part of its name, or its address, "   \
        "PORT=WHICH for one port of the patch; or none; or FILE.mid to "       \
        "write, also with --render",                                           \
        "a port of its own")                                                   \
    ROW(MIDI_OUT_RAW, PLAYING, 0, false, "midi-out-raw", "FILE",               \
        "send MIDI bytes to a file, a pipe or a raw device such as hw:1,0,0; " \
        "- is standard output",                                                \
        "")                                                                    \
    ROW(MIDI_RUNNING_STATUS, PLAYING, 0, false, "midi-running-status", "",     \
        "leave out a status there that is the last one's", "")                 \
    ROW(PRESET_PROGRAMS, PLAYING, 0, true, "preset-programs", "CHANNEL",       \
        "MIDI program changes load presets, from 0 by name", "")               \
    ROW(CC, PLAYING, 0, false, "cc", "CC=NAME",                                \
        "a MIDI controller moves a variable: 74=filter:cutoff, with a range "  \
        "74=filter:cutoff:0:1",                                                \
        "")                                                                    \
    ROW(CC_MAP, PLAYING, 0, false, "cc-map", "FILE",                           \
        "keep what controllers move in this file; or none",                    \
        "~/.config/f4e/PATCH.cc.json")                                         \
    ROW(REQUIRE_MIDI, PLAYING, 0, false, "require-midi", "",                   \
        "end with status 8 when no MIDI port is there", "")                    \
    ROW(NOTES_OFF, PLAYING, 0, false, "notes-off", "",                         \
        "when a MIDI source disappears, end the notes that it holds", "")      \
    ROW(INFO, INFO, 0, false, "info", "", "describe the patch", "")            \
    ROW(LIST_DEVICES, INFO, 0, false, "list-devices", "",                      \
        "list the devices and which of them can play the patch", "")           \
    ROW(LIST_MIDI, INFO, 0, false, "list-midi", "",                            \
        "list the MIDI ports that can be played from or sent to", "")          \
    ROW(JSON, INFO, 0, false, "json", "",                                      \
        "with --info, --list, --params, --views, --list-devices or "           \
        "--list-midi: as JSON",                                                \
        "")                                                                    \
    ROW(COMPLETION, INFO, 0, false, "completion", "SHELL",                     \
        "print what bash or zsh loads to complete the words behind this "      \
        "program",                                                             \
        "")                                                                    \
    ROW(QUIET, INFO, 'q', false, "quiet", "", "print errors only", "")         \
    ROW(VERBOSE, INFO, 'v', false, "verbose", "", "print more", "")            \
    ROW(VERSION, INFO, 0, false, "version", "",                                \
        "print what this program was made from", "")                           \
    ROW(HELP, INFO, 'h', false, "help", "", "print this text", "")

/* The texts lie in one object, and rows have offsets: pointers would be
 * relocated at every start, at three times their size in the file. */
static const struct option_texts {
#define MEMBER(id, group, letter, is_optional, name, argument, text, fallback) \
    char id[sizeof(name "\0" argument "\0" text "\0" fallback)];
    OPTIONS(MEMBER)
#undef MEMBER
} texts = {
#define TEXTS(id, group, letter, is_optional, name, argument, text, fallback) \
    name "\0" argument "\0" text "\0" fallback,
    OPTIONS(TEXTS)
#undef TEXTS
};

const struct option_row option_table[] = {
#define ROW(id, group, letter, is_optional, name, argument, text, fallback) \
    {OPTION_##id, GROUP_##group, letter, is_optional,                       \
     offsetof(struct option_texts, id)},
    OPTIONS(ROW)
#undef ROW
};

const size_t option_count = sizeof(option_table) / sizeof(option_table[0]);

/* The text behind 'skip' others of a row. */
static const char *text_of(const struct option_row *row, unsigned skip)
{
    const char *text = (const char *)&texts + row->texts;
    for (; skip > 0; skip--) {
        text = words_behind(text);
    }
    return text;
}

const char *option_name(const struct option_row *row)
{
    return text_of(row, 0);
}

const char *option_argument(const struct option_row *row)
{
    return text_of(row, 1);
}

const char *option_text(const struct option_row *row)
{
    return text_of(row, 2);
}

const char *option_fallback(const struct option_row *row)
{
    return text_of(row, 3);
}

bool option_has_value(const struct option_row *row)
{
    return *option_argument(row) != '\0';
}

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
        const char *other = option_name(&option_table[i]);
        size_t edits = length > 1 && strncmp(other, name, length) == 0
                           ? 1
                           : nearest_distance(name, other);
        if (edits < least) {
            least = edits;
            nearest = other;
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
    const char *fallback = option_fallback(row);
    if (row->letter != 0) {
        (void)snprintf(letter, sizeof(letter), "-%c, ", row->letter);
    }
    (void)snprintf(left, sizeof(left), "  %s--%s%s%s%s", letter,
                   option_name(row),
                   row->is_optional        ? "[="
                   : option_has_value(row) ? " "
                                           : "",
                   option_argument(row), row->is_optional ? "]" : "");
    (void)snprintf(right, sizeof(right), "%s%s%s%s", option_text(row),
                   *fallback != '\0' ? " (default: " : "", fallback,
                   *fallback != '\0' ? ")" : "");
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
