/* SPDX-License-Identifier: MIT */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct option_row option_table[] = {
    {OPTION_DEVICE, GROUP_AUDIO, 0, "device", "NAME", "ALSA device to play on",
     "default"},
    {OPTION_PERIOD, GROUP_AUDIO, 0, "period", "FRAMES",
     "frames per period of the device", "128"},
    {OPTION_PERIODS, GROUP_AUDIO, 0, "periods", "N",
     "periods in the device's buffer", "4"},
    {OPTION_FORMAT, GROUP_AUDIO, 0, "format", "NAME",
     "samples: f32, s32, s24, s24_3 or s16 for a device, f32, s24 or s16 for "
     "a file",
     "best the device has; f32 in a file"},
    {OPTION_DENORMALS, GROUP_AUDIO, 0, "denormals", "MODE",
     "flush tiny numbers to zero, or keep them: flush or ieee", "flush"},
    {OPTION_ON_TRAP, GROUP_AUDIO, 0, "on-trap", "WHAT",
     "when the patch traps: stop, reset or silence", "stop"},
    {OPTION_SCRIPT, GROUP_AUDIO, 0, "script", "FILE",
     "set memory and call functions at the times given there", NULL},
    {OPTION_FRAMES, GROUP_AUDIO, 0, "frames", "N", "end after N frames", NULL},
    {OPTION_SECONDS, GROUP_AUDIO, 0, "seconds", "S", "end after S seconds",
     NULL},
    {OPTION_BLOCKS, GROUP_AUDIO, 0, "blocks", "N", "end after N blocks", NULL},
    {OPTION_RENDER, GROUP_RENDER, 0, "render", "FILE",
     "write a WAV file instead of playing, as fast as it goes; needs a limit; "
     "- writes bare samples to standard output",
     NULL},
    {OPTION_INPUT, GROUP_RENDER, 0, "input", "FILE",
     "WAV file for the input channels", NULL},
    {OPTION_INPUT_RAW, GROUP_RENDER, 0, "input-raw", "FILE",
     "bare interleaved 32-bit floats for the input channels; - is standard "
     "input",
     NULL},
    {OPTION_DUMP_MEMORY, GROUP_RENDER, 0, "dump-memory", "FILE",
     "at the end write memory 0 there, further memories to FILE.1, FILE.2",
     NULL},
    {OPTION_INFO, GROUP_INFO, 0, "info", NULL, "describe the patch", NULL},
    {OPTION_JSON, GROUP_INFO, 0, "json", NULL, "with --info: as JSON", NULL},
    {OPTION_QUIET, GROUP_INFO, 'q', "quiet", NULL, "print errors only", NULL},
    {OPTION_VERBOSE, GROUP_INFO, 'v', "verbose", NULL, "print more", NULL},
    {OPTION_VERSION, GROUP_INFO, 0, "version", NULL,
     "print what this program was made from", NULL},
    {OPTION_HELP, GROUP_INFO, 'h', "help", NULL, "print this text", NULL},
};

const size_t option_count = sizeof option_table / sizeof option_table[0];

struct choice {
    const char *name;
    int value;
};

static const struct choice formats[] = {
    {"f32", FORMAT_F32},     {"s32", FORMAT_S32}, {"s24", FORMAT_S24},
    {"s24_3", FORMAT_S24_3}, {"s16", FORMAT_S16}, {NULL, 0},
};
static const struct choice denormals[] = {{"flush", 1}, {"ieee", 0}, {NULL, 0}};
static const struct choice policies[] = {
    {"stop", TRAP_STOP},
    {"reset", TRAP_RESET},
    {"silence", TRAP_SILENCE},
    {NULL, 0},
};

/* Edits that turn one word into the other: insert, delete, replace. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 24 };
    size_t row[LONGEST + 1];
    size_t length = strlen(b);
    if (length > LONGEST) {
        return SIZE_MAX;
    }
    for (size_t j = 0; j <= length; ++j) {
        row[j] = j;
    }
    for (size_t i = 0; a[i] != '\0'; ++i) {
        size_t diagonal = row[0]++;
        for (size_t j = 0; j < length; ++j) {
            size_t replaced = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            size_t shifted = (row[j] < diagonal ? row[j] : diagonal) + 1;
            row[j + 1] = replaced < shifted ? replaced : shifted;
        }
    }
    return row[length];
}

/* 'word' is as typed, dashes and '=value' included. */
static bool fail_unknown(const char *word, struct failure *failure)
{
    char name[32];
    const char *start = word + strspn(word, "-");
    size_t length = strcspn(start, "=");
    (void)failure_set(failure, STATUS_USAGE, "unknown option '%.*s'",
                      (int)(start - word + (ptrdiff_t)length), word);
    if (length >= sizeof name) {
        return false;
    }
    memcpy(name, start, length);
    name[length] = '\0';
    const char *nearest = NULL;
    size_t least = length < 4 ? 2 : 3;
    for (size_t i = 0; i < option_count; ++i) {
        size_t edits = distance(name, option_table[i].name);
        if (edits < least) {
            least = edits;
            nearest = option_table[i].name;
        }
    }
    return nearest != NULL
               ? failure_hint(failure, "did you mean --%s?", nearest)
               : failure_hint(failure, "--help lists the options");
}

static bool parse_choice(const char *name, const char *text,
                         const struct choice *choices, int *value,
                         struct failure *failure)
{
    char all[64] = "";
    for (; choices->name != NULL; ++choices) {
        if (strcmp(text, choices->name) == 0) {
            *value = choices->value;
            return true;
        }
        size_t used = strlen(all);
        (void)snprintf(all + used, sizeof all - used, "%s%s",
                       used > 0 ? ", " : "", choices->name);
    }
    return failure_set(failure, STATUS_USAGE, "--%s is '%s', not one of %s",
                       name, text, all);
}

static bool parse_count(const char *name, const char *text, uint64_t least,
                        uint64_t most, uint64_t *value, struct failure *failure)
{
    char *end;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    /* strtoull takes signs and blanks; a count has digits only. */
    if (strspn(text, "0123456789") != strlen(text) || end == text) {
        return failure_set(failure, STATUS_USAGE,
                           "--%s is '%s', not a whole number", name, text);
    }
    if (errno == ERANGE || number < least || number > most) {
        return failure_set(failure, STATUS_USAGE,
                           "--%s is %s, not between %llu and %llu", name, text,
                           (unsigned long long)least, (unsigned long long)most);
    }
    *value = number;
    return true;
}

/* More than anybody can play; all sums with it fit. */
static const uint64_t FRAMES_MAX = UINT64_C(1) << 48;

static bool parse_seconds(const char *text, uint32_t sample_rate,
                          uint64_t *frames, struct failure *failure)
{
    char *end;
    double seconds = strtod(text, &end);
    double exact = seconds * sample_rate;
    if (end == text || *end != '\0' || !(exact >= 0.0) ||
        !(exact <= (double)FRAMES_MAX)) {
        return failure_set(failure, STATUS_USAGE,
                           "--seconds is '%s', not a number of seconds", text);
    }
    *frames = (uint64_t)(exact + 0.5);
    return true;
}

static bool parse_limit(struct options *options, const struct f4e_patch *patch,
                        enum option_id id, const char *text,
                        struct failure *failure)
{
    if (options->has_limit) {
        return failure_set(
            failure, STATUS_USAGE,
            "only one of --frames, --seconds and --blocks can be given");
    }
    options->has_limit = true;
    if (id == OPTION_SECONDS) {
        return parse_seconds(text, patch->sample_rate, &options->frame_limit,
                             failure);
    }
    uint64_t unit = id == OPTION_BLOCKS ? patch->block_frames : 1;
    if (!parse_count(id == OPTION_BLOCKS ? "blocks" : "frames", text, 0,
                     FRAMES_MAX / unit, &options->frame_limit, failure)) {
        return false;
    }
    options->frame_limit *= unit;
    return true;
}

static bool parse_size(const char *name, const char *text, uint64_t most,
                       unsigned *value, struct failure *failure)
{
    uint64_t number = 0;
    bool is_good = parse_count(name, text, 1, most, &number, failure);
    *value = (unsigned)number;
    return is_good;
}

/* Options that take a value. */
static bool apply_value(struct options *options, const struct f4e_patch *patch,
                        const struct option_row *row, const char *text,
                        struct failure *failure)
{
    int value = 0;
    bool is_good = true;
    switch ((int)row->id) {
    case OPTION_DEVICE:
        options->device = text;
        break;
    case OPTION_PERIOD:
        return parse_size(row->name, text, 65536, &options->period_frames,
                          failure);
    case OPTION_PERIODS:
        return parse_size(row->name, text, 1024, &options->periods, failure);
    case OPTION_FORMAT:
        is_good = parse_choice(row->name, text, formats, &value, failure);
        options->format = (enum sample_format)value;
        options->has_format = true;
        break;
    case OPTION_DENORMALS:
        is_good = parse_choice(row->name, text, denormals, &value, failure);
        options->is_flushing = value != 0;
        break;
    case OPTION_ON_TRAP:
        is_good = parse_choice(row->name, text, policies, &value, failure);
        options->on_trap = (enum trap_policy)value;
        break;
    case OPTION_SCRIPT:
        options->script = text;
        break;
    case OPTION_RENDER:
        options->render = text;
        break;
    case OPTION_INPUT:
        options->input = text;
        break;
    case OPTION_INPUT_RAW:
        options->input_raw = text;
        break;
    case OPTION_DUMP_MEMORY:
        options->dump_memory = text;
        break;
    default:
        return parse_limit(options, patch, row->id, text, failure);
    }
    return is_good;
}

static void apply_flag(struct options *options, enum option_id id)
{
    switch ((int)id) {
    case OPTION_INFO:
        options->is_info = true;
        break;
    case OPTION_JSON:
        options->is_json = true;
        break;
    case OPTION_QUIET:
        options->is_quiet = true;
        break;
    case OPTION_VERBOSE:
        options->is_verbose = true;
        break;
    case OPTION_VERSION:
        options->is_version = true;
        break;
    default:
        options->is_help = true;
        break;
    }
}

/* What can only be said once all options are known. */
static bool check_together(struct options *options, struct failure *failure)
{
    bool is_info = options->is_help || options->is_version || options->is_info;
    if (options->is_json && !options->is_info) {
        return failure_set(failure, STATUS_USAGE, "--json needs --info");
    }
    if (options->is_quiet && options->is_verbose) {
        return failure_set(failure, STATUS_USAGE,
                           "--quiet and --verbose exclude each other");
    }
    if (options->input != NULL && options->input_raw != NULL) {
        return failure_set(failure, STATUS_USAGE,
                           "--input and --input-raw exclude each other");
    }
    if (options->render == NULL) {
        const char *input = options->input != NULL       ? "input"
                            : options->input_raw != NULL ? "input-raw"
                                                         : NULL;
        return input == NULL ||
               failure_set(failure, STATUS_USAGE, "--%s needs --render", input);
    }
    if (!options->has_limit && !is_info) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--render needs one of --frames, --seconds and "
                          "--blocks");
        return failure_hint(failure, "--render %s --seconds 10",
                            options->render);
    }
    if (options->format == FORMAT_S32 || options->format == FORMAT_S24_3) {
        return failure_set(failure, STATUS_USAGE,
                           "--format for --render is f32, s24 or s16");
    }
    if (options->format == FORMAT_S24) {
        options->format = FORMAT_S24_3; /* files pack them */
    }
    return true;
}

static const struct option_row *find_row(int key)
{
    for (size_t i = 0; i < option_count; ++i) {
        if (key == (int)option_table[i].id ||
            (key != 0 && key == option_table[i].letter)) {
            return &option_table[i];
        }
    }
    return NULL;
}

enum { OPTIONS_MAX = 64 };

/* The table as getopt_long() wants it. */
static void make_tables(struct option *names, char *letters)
{
    *letters++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < option_count; ++i) {
        const struct option_row *row = &option_table[i];
        names[i].name = row->name;
        names[i].has_arg =
            row->argument != NULL ? required_argument : no_argument;
        names[i].val = (int)row->id;
        if (row->letter != 0) {
            *letters++ = row->letter;
        }
    }
}

bool options_parse(struct options *options, const struct f4e_patch *patch,
                   int argc, char **argv, struct failure *failure)
{
    struct option names[OPTIONS_MAX] = {{0}};
    char letters[OPTIONS_MAX] = "";
    int key;
    make_tables(names, letters);
    *options = (struct options){
        .device = "default",
        .period_frames = 128,
        .periods = 4,
        .is_flushing = true,
        .frame_limit = UINT64_MAX,
    };
    optind = 0; /* start over, also when called twice */
    opterr = 0;
    while ((key = getopt_long(argc, argv, letters, names, NULL)) != -1) {
        const struct option_row *row = find_row(key == ':' ? optopt : key);
        if (key == ':' && row != NULL) {
            return failure_set(failure, STATUS_USAGE, "--%s needs a value",
                               row->name);
        }
        if (row == NULL) {
            row = find_row(optopt);
            if (row != NULL) {
                return failure_set(failure, STATUS_USAGE, "--%s takes no value",
                                   row->name);
            }
            /* A letter may stand among others; a name is a word alone. */
            const char letter[3] = {'-', (char)optopt, '\0'};
            return fail_unknown(optopt != 0 ? letter : argv[optind - 1],
                                failure);
        }
        if (row->argument == NULL) {
            apply_flag(options, row->id);
        } else if (!apply_value(options, patch, row, optarg, failure)) {
            return false;
        }
    }
    if (optind < argc) {
        return failure_set(failure, STATUS_USAGE, "unexpected argument '%s'",
                           argv[optind]);
    }
    return check_together(options, failure);
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
    char left[40];
    char right[256];
    char letter[5] = "    ";
    if (row->letter != 0) {
        (void)snprintf(letter, sizeof letter, "-%c, ", row->letter);
    }
    (void)snprintf(left, sizeof left, "  %s--%s%s%s", letter, row->name,
                   row->argument != NULL ? " " : "",
                   row->argument != NULL ? row->argument : "");
    (void)snprintf(right, sizeof right, "%s%s%s%s", row->text,
                   row->fallback != NULL ? " (default: " : "",
                   row->fallback != NULL ? row->fallback : "",
                   row->fallback != NULL ? ")" : "");
    (void)fprintf(file, "%-25s ", left);
    print_wrapped(right, file);
}

void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file)
{
    static const char *const titles[GROUP_COUNT] = {"Audio", "Render", "Info"};
    (void)fprintf(file,
                  "usage: %s [options]\n\n"
                  "Plays the patch '%s': %u Hz, %u out, %u in.\n",
                  program, patch->name, (unsigned)patch->sample_rate,
                  patch->output_count, patch->input_count);
    for (unsigned group = 0; group < GROUP_COUNT; ++group) {
        (void)fprintf(file, "\n%s:\n", titles[group]);
        for (size_t i = 0; i < option_count; ++i) {
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
