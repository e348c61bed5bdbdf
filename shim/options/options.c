/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "options/options_internal.h"

struct choice {
    const char *name;
    int value;
};

static const struct choice formats[] = {
    {"f32", FORMAT_F32},     {"s32", FORMAT_S32}, {"s24", FORMAT_S24},
    {"s24_3", FORMAT_S24_3}, {"s16", FORMAT_S16}, {NULL, 0},
};
static const struct choice dithers[] = {{"none", 0}, {"tpdf", 1}, {NULL, 0}};
static const struct choice xruns[] = {
    {"keep", XRUN_KEEP}, {"skip", XRUN_SKIP}, {NULL, 0}};
static const struct choice latencies[] = {
    {"ultra", 0}, {"low", 1}, {"safe", 2}, {NULL, 0}};
static const struct choice denormals[] = {{"flush", 1}, {"ieee", 0}, {NULL, 0}};
static const struct choice policies[] = {
    {"stop", TRAP_STOP},
    {"reset", TRAP_RESET},
    {"silence", TRAP_SILENCE},
    {NULL, 0},
};

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

static bool parse_seconds(const char *text, const struct f4e_patch *patch,
                          uint64_t *frames, struct failure *failure)
{
    char *end;
    double seconds = strtod(text, &end);
    /* 1000 / tick_ms need not be whole; sample_rate is. */
    double exact = patch->tick_ms > 0 ? seconds * 1000.0 / patch->tick_ms
                                      : seconds * patch->sample_rate;
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
        return parse_seconds(text, patch, &options->frame_limit, failure);
    }
    uint64_t unit = id == OPTION_BLOCKS ? patch->block_frames : 1;
    if (!parse_count(id == OPTION_BLOCKS ? "blocks" : "frames", text, 0,
                     FRAMES_MAX / unit, &options->frame_limit, failure)) {
        return false;
    }
    options->frame_limit *= unit;
    return true;
}

/* 'L', 'R' or a number less than 'count'; moves '*text' behind it. */
static bool parse_channel(const char **text, unsigned count,
                          unsigned char *channel)
{
    unsigned value = **text == 'R';
    if (**text == 'L' || **text == 'R') {
        ++*text;
    } else {
        size_t digits = strspn(*text, "0123456789");
        if (digits < 1 || digits > 3) {
            return false;
        }
        value = (unsigned)strtoul(*text, NULL, 10);
        *text += digits;
    }
    *channel = (unsigned char)value;
    return value < count;
}

/*
 * "L:2,R:3": the patch's channel, then the device's. Of the side that
 * receives, each channel can be named once.
 */
static bool parse_map(const char *name, const char *text, bool is_out,
                      unsigned channels, struct channel_map *map,
                      struct failure *failure)
{
    bool is_taken[256] = {false};
    const char *at = text;
    map->count = 0;
    do {
        unsigned char patch = 0;
        unsigned char device = 0;
        at += map->count > 0; /* the comma */
        bool is_good = parse_channel(&at, channels, &patch) && *at == ':';
        at += is_good; /* the colon */
        is_good = is_good && parse_channel(&at, MAP_MAX, &device);
        if (!is_good || (*at != ',' && *at != '\0')) {
            (void)failure_set(failure, STATUS_USAGE,
                              "--%s is '%s': pair %u is not a channel of the "
                              "patch's %u, a colon and a channel below %u",
                              name, text, map->count + 1, channels, MAP_MAX);
            return failure_hint(failure, "--%s L:2,R:3", name);
        }
        unsigned char receiver = is_out ? device : patch;
        if (is_taken[receiver] || map->count == MAP_MAX) {
            return failure_set(failure, STATUS_USAGE,
                               "--%s is '%s': channel %u of the %s is there "
                               "twice",
                               name, text, receiver,
                               is_out ? "device" : "patch");
        }
        is_taken[receiver] = true;
        map->pairs[map->count].patch = patch;
        map->pairs[map->count++].device = device;
    } while (*at != '\0');
    return true;
}

enum kind { KIND_FLAG, KIND_TEXT, KIND_COUNT, KIND_CHOICE, KIND_YES_NO };

/* Where a plain option goes; what is not here has a function of its own. */
static const struct place {
    enum option_id id;
    enum kind kind;
    size_t offset; /* in struct options */
    unsigned least;
    unsigned most;
    const struct choice *choices;
} places[] = {
#define AT(member) offsetof(struct options, member)
    {OPTION_DEVICE, KIND_TEXT, AT(device), 0, 0, NULL},
    {OPTION_IN_DEVICE, KIND_TEXT, AT(in_device), 0, 0, NULL},
    {OPTION_PERIOD, KIND_COUNT, AT(period_frames), 1, 65536, NULL},
    {OPTION_PERIODS, KIND_COUNT, AT(periods), 1, 1024, NULL},
    {OPTION_LATENCY, KIND_CHOICE, AT(latency), 0, 0, latencies},
    {OPTION_FORMAT, KIND_CHOICE, AT(format), 0, 0, formats},
    {OPTION_DITHER, KIND_YES_NO, AT(is_dithering), 0, 0, dithers},
    {OPTION_RESAMPLE, KIND_FLAG, AT(is_resampling), 0, 0, NULL},
    {OPTION_XRUN, KIND_CHOICE, AT(xrun_policy), 0, 0, xruns},
    {OPTION_MAX_XRUNS, KIND_COUNT, AT(max_xruns), 0, UINT32_MAX, NULL},
    {OPTION_WAIT_DEVICE, KIND_COUNT, AT(wait_device_s), 0, 86400, NULL},
    {OPTION_FADE, KIND_COUNT, AT(fade_ms), 0, 10000, NULL},
    {OPTION_RT_PRIO, KIND_COUNT, AT(rt_prio), 0, 99, NULL},
    {OPTION_DUMMY, KIND_FLAG, AT(is_dummy), 0, 0, NULL},
    {OPTION_DENORMALS, KIND_YES_NO, AT(is_flushing), 0, 0, denormals},
    {OPTION_ON_TRAP, KIND_CHOICE, AT(on_trap), 0, 0, policies},
    {OPTION_SCRIPT, KIND_TEXT, AT(script), 0, 0, NULL},
    {OPTION_PARAMS, KIND_FLAG, AT(is_params), 0, 0, NULL},
    {OPTION_WATCH, KIND_TEXT, AT(watch), 0, 0, NULL},
    {OPTION_WATCH_RATE, KIND_COUNT, AT(watch_hz), 1, 1000, NULL},
    {OPTION_CONTROL, KIND_TEXT, AT(control), 0, 0, NULL},
    {OPTION_LIST, KIND_TEXT, AT(pattern), 0, 0, NULL},
    {OPTION_STATS, KIND_COUNT, AT(stats_s), 1, 86400, NULL},
    {OPTION_STATS_JSON, KIND_TEXT, AT(stats_json), 0, 0, NULL},
    {OPTION_METER, KIND_FLAG, AT(is_meter), 0, 0, NULL},
    {OPTION_RENDER, KIND_TEXT, AT(render), 0, 0, NULL},
    {OPTION_RECORD, KIND_TEXT, AT(record), 0, 0, NULL},
    {OPTION_INPUT, KIND_TEXT, AT(input), 0, 0, NULL},
    {OPTION_INPUT_RAW, KIND_TEXT, AT(input_raw), 0, 0, NULL},
    {OPTION_DUMP_MEMORY, KIND_TEXT, AT(dump_memory), 0, 0, NULL},
    {OPTION_STATE, KIND_TEXT, AT(state), 0, 0, NULL},
    {OPTION_LOAD_STATE, KIND_TEXT, AT(load_state), 0, 0, NULL},
    {OPTION_SAVE_STATE, KIND_TEXT, AT(save_state), 0, 0, NULL},
    {OPTION_STATE_BY_NAME, KIND_FLAG, AT(is_state_by_name), 0, 0, NULL},
    {OPTION_RESET_STATE, KIND_FLAG, AT(is_state_reset), 0, 0, NULL},
    {OPTION_INFO, KIND_FLAG, AT(is_info), 0, 0, NULL},
    {OPTION_LIST_DEVICES, KIND_FLAG, AT(is_listing), 0, 0, NULL},
    {OPTION_LIST_MIDI, KIND_FLAG, AT(is_midi_listing), 0, 0, NULL},
    {OPTION_NOTES_OFF, KIND_FLAG, AT(is_notes_off), 0, 0, NULL},
    {OPTION_REQUIRE_MIDI, KIND_FLAG, AT(is_midi_required), 0, 0, NULL},
    {OPTION_JSON, KIND_FLAG, AT(is_json), 0, 0, NULL},
    {OPTION_QUIET, KIND_FLAG, AT(is_quiet), 0, 0, NULL},
    {OPTION_VERBOSE, KIND_FLAG, AT(is_verbose), 0, 0, NULL},
    {OPTION_VERSION, KIND_FLAG, AT(is_version), 0, 0, NULL},
    {OPTION_HELP, KIND_FLAG, AT(is_help), 0, 0, NULL},
#undef AT
};

/* 'text' is NULL when there is none. */
static bool apply_place(struct options *options, const struct place *place,
                        const char *name, const char *text,
                        struct failure *failure)
{
    unsigned char *field = (unsigned char *)options + place->offset;
    uint64_t number = 0;
    int value = 0;
    bool is_good = true;
    if (place->kind == KIND_FLAG) {
        *(bool *)field = true;
    } else if (place->kind == KIND_TEXT) {
        memcpy(field, (const void *)&text, sizeof text);
    } else if (place->kind == KIND_COUNT) {
        is_good = text == NULL || parse_count(name, text, place->least,
                                              place->most, &number, failure);
        const unsigned count = (unsigned)number;
        memcpy(field, &count, sizeof count);
    } else {
        is_good = parse_choice(name, text, place->choices, &value, failure);
        if (place->kind == KIND_YES_NO) {
            *(bool *)field = value != 0;
        } else {
            memcpy(field, &value, sizeof value); /* an enumeration */
        }
    }
    return is_good;
}

static bool apply(struct options *options, const struct f4e_patch *patch,
                  const struct option_row *row, const char *text,
                  struct failure *failure)
{
    options->is_stats |= row->id == OPTION_STATS;
    options->has_format |= row->id == OPTION_FORMAT;
    options->has_device |= row->id == OPTION_DEVICE;
    options->is_list |= row->id == OPTION_LIST;
    if (row->id == OPTION_SET || row->id == OPTION_LOAD) {
        return options_add_setting(options, row->id == OPTION_LOAD, text,
                                   failure);
    }
    for (size_t i = 0; i < sizeof places / sizeof *places; ++i) {
        if (places[i].id == row->id) {
            return apply_place(options, &places[i], row->name, text, failure);
        }
    }
    if (row->id == OPTION_OUT_MAP) {
        return parse_map(row->name, text, true, patch->output_count,
                         &options->out_map, failure);
    }
    if (row->id == OPTION_IN_MAP) {
        return parse_map(row->name, text, false, patch->input_count,
                         &options->in_map, failure);
    }
    if (row->id == OPTION_KEYBOARD) {
        options->keyboard = text != NULL ? text : "tty";
        return true;
    }
    if (row->id == OPTION_MIDI_IN || row->id == OPTION_MIDI_RAW) {
        return options_add_midi(options, patch, row, text, failure);
    }
    if (row->id == OPTION_RUN_ENTRY) {
        return options_add_entry(options, patch, text, failure);
    }
    return parse_limit(options, patch, row->id, text, failure);
}

/* --latency gives what --period and --periods do not. */
static void resolve_latency(struct options *options,
                            const struct f4e_patch *patch)
{
    static const struct {
        unsigned period_frames;
        unsigned periods;
    } presets[] = {{128, 2}, {128, 4}, {512, 4}};
    if (options->period_frames == 0) {
        options->period_frames = presets[options->latency].period_frames;
        if (options->period_frames < patch->block_frames) {
            options->period_frames = patch->block_frames;
        }
    }
    if (options->periods == 0) {
        options->periods = presets[options->latency].periods;
    }
}

static bool check_pairs(const struct options *options, struct failure *failure)
{
    bool is_render = options->render != NULL;
    const struct {
        const char *one;
        const char *other;
        bool are_both;
    } pairs[] = {
        {"quiet", "verbose", options->is_quiet && options->is_verbose},
        {"input", "input-raw",
         options->input != NULL && options->input_raw != NULL},
        {"render", "record", is_render && options->record != NULL},
        {"render", "dummy", is_render && options->is_dummy},
        {"render", "meter", is_render && options->is_meter},
        {"render", "keyboard", is_render && options->keyboard != NULL},
        {"render", "midi-raw", is_render && options->midi_raw.text != NULL},
        {"control -", "midi-raw -",
         options->control != NULL && strcmp(options->control, "-") == 0 &&
             options->midi_raw.text != NULL &&
             strcmp(options->midi_raw.text, "-") == 0},
        {"midi-in none", "require-midi",
         options->is_midi_off && options->is_midi_required},
        {"state", "load-state",
         options->state != NULL && options->load_state != NULL},
        {"state", "save-state",
         options->state != NULL && options->save_state != NULL},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; ++i) {
        if (pairs[i].are_both) {
            return failure_set(failure, STATUS_USAGE,
                               "--%s and --%s exclude each other", pairs[i].one,
                               pairs[i].other);
        }
    }
    return true;
}

/* What can only be said once all options are known. */
static bool check_together(struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    bool is_info = options->is_help || options->is_version ||
                   options->is_info || options->is_listing ||
                   options->is_midi_listing || options->is_list ||
                   options->is_params;
    if (options->is_json &&
        (!is_info || options->is_help || options->is_version)) {
        return failure_set(failure, STATUS_USAGE,
                           "--json needs --info, --list, --params or "
                           "--list-devices");
    }
    if (!check_pairs(options, failure) ||
        !options_check_control(options, failure) ||
        !options_check_sources(options, patch, failure)) {
        return false;
    }
    if (options->input != NULL && strcmp(options->input, "off") == 0) {
        options->is_input_off = true;
        options->input = NULL;
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

enum { OPTIONS_MAX = 128 };

/* The table as getopt_long() wants it. */
static void make_tables(struct option *names, char *letters)
{
    *letters++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < option_count; ++i) {
        const struct option_row *row = &option_table[i];
        names[i].name = row->name;
        names[i].has_arg = row->is_optional        ? optional_argument
                           : row->argument != NULL ? required_argument
                                                   : no_argument;
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
        .latency = 1,
        .wait_device_s = -1,
        /* Milliseconds wait for a timer anyway. */
        .rt_prio = patch->tick_ms > 0 ? 0 : 70,
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
            return options_fail_unknown(optopt != 0 ? letter : argv[optind - 1],
                                        failure);
        }
        if (!apply(options, patch, row, optarg, failure)) {
            return false;
        }
    }
    if (!options_take_words(options, argc, argv, optind, failure)) {
        return false;
    }
    resolve_latency(options, patch);
    return check_together(options, patch, failure);
}
