/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include "options/options_internal.h"

#include <getopt.h>
#include <limits.h>
#include <string.h>

enum kind { KIND_FLAG, KIND_TEXT, KIND_COUNT, KIND_CHOICE, KIND_YES_NO };

/* Where a plain option goes; what is not here has a function of its own. */
static const struct place {
    uint16_t id;     /* enum option_id */
    uint8_t kind;    /* enum kind */
    uint8_t least;   /* of a KIND_COUNT */
    uint16_t offset; /* in struct options */
    uint32_t most;
} places[] = {
#define AT(member) offsetof(struct options, member)
    {OPTION_DEVICE, KIND_TEXT, 0, AT(device), 0},
    {OPTION_IN_DEVICE, KIND_TEXT, 0, AT(in_device), 0},
    {OPTION_NO_CONNECT, KIND_FLAG, 0, AT(is_unconnected), 0},
    {OPTION_PERIOD, KIND_COUNT, 1, AT(period_frames), 65536},
    {OPTION_PERIODS, KIND_COUNT, 1, AT(periods), 1024},
    {OPTION_LATENCY, KIND_CHOICE, 0, AT(latency), 0},
    {OPTION_FORMAT, KIND_CHOICE, 0, AT(format), 0},
    {OPTION_DITHER, KIND_YES_NO, 0, AT(is_dithering), 0},
    {OPTION_RESAMPLE, KIND_FLAG, 0, AT(is_resampling), 0},
    {OPTION_XRUN, KIND_CHOICE, 0, AT(xrun_policy), 0},
    {OPTION_MAX_XRUNS, KIND_COUNT, 0, AT(max_xruns), UINT32_MAX},
    {OPTION_WAIT_DEVICE, KIND_COUNT, 0, AT(wait_device_s), 86400},
    {OPTION_FADE, KIND_COUNT, 0, AT(fade_ms), 10000},
    {OPTION_RT_PRIO, KIND_COUNT, 0, AT(rt_prio), 99},
    {OPTION_DUMMY, KIND_FLAG, 0, AT(is_dummy), 0},
    {OPTION_DENORMALS, KIND_YES_NO, 0, AT(is_flushing), 0},
    {OPTION_ON_TRAP, KIND_CHOICE, 0, AT(on_trap), 0},
    {OPTION_SCRIPT, KIND_TEXT, 0, AT(script), 0},
    {OPTION_PARAMS, KIND_FLAG, 0, AT(is_params), 0},
    {OPTION_VIEWS, KIND_FLAG, 0, AT(is_views), 0},
    {OPTION_PRESETS, KIND_TEXT, 0, AT(presets), 0},
    {OPTION_PRESET, KIND_TEXT, 0, AT(preset), 0},
    {OPTION_PRESET_PROGRAMS, KIND_COUNT, 1, AT(program_channel), 16},
    {OPTION_CC_MAP, KIND_TEXT, 0, AT(cc_map), 0},
    {OPTION_WATCH, KIND_TEXT, 0, AT(watch), 0},
    {OPTION_WATCH_RATE, KIND_COUNT, 1, AT(watch_hz), 1000},
    {OPTION_CONTROL_REPLIES, KIND_FLAG, 0, AT(has_replies), 0},
    {OPTION_HTTP, KIND_COUNT, 0, AT(http_port), 65535},
    {OPTION_HTTP_BIND, KIND_TEXT, 0, AT(http_bind), 0},
    {OPTION_OSC, KIND_COUNT, 0, AT(osc_port), 65535},
    {OPTION_OSC_BIND, KIND_TEXT, 0, AT(osc_bind), 0},
    {OPTION_TOKEN_FILE, KIND_TEXT, 0, AT(token_file), 0},
    {OPTION_LIST, KIND_TEXT, 0, AT(pattern), 0},
    {OPTION_STATS, KIND_COUNT, 1, AT(stats_s), 86400},
    {OPTION_STATS_JSON, KIND_TEXT, 0, AT(stats_json), 0},
    {OPTION_METER, KIND_FLAG, 0, AT(is_meter), 0},
    {OPTION_RENDER, KIND_TEXT, 0, AT(render), 0},
    {OPTION_RECORD, KIND_TEXT, 0, AT(record), 0},
    {OPTION_INPUT, KIND_TEXT, 0, AT(input), 0},
    {OPTION_INPUT_RAW, KIND_TEXT, 0, AT(input_raw), 0},
    {OPTION_DUMP_MEMORY, KIND_TEXT, 0, AT(dump_memory), 0},
    {OPTION_STATE, KIND_TEXT, 0, AT(state), 0},
    {OPTION_LOAD_STATE, KIND_TEXT, 0, AT(load_state), 0},
    {OPTION_SAVE_STATE, KIND_TEXT, 0, AT(save_state), 0},
    {OPTION_STATE_BY_NAME, KIND_FLAG, 0, AT(is_state_by_name), 0},
    {OPTION_RESET_STATE, KIND_FLAG, 0, AT(is_state_reset), 0},
    {OPTION_INFO, KIND_FLAG, 0, AT(is_info), 0},
    {OPTION_LIST_DEVICES, KIND_FLAG, 0, AT(is_listing), 0},
    {OPTION_LIST_MIDI, KIND_FLAG, 0, AT(is_midi_listing), 0},
    {OPTION_NOTES_OFF, KIND_FLAG, 0, AT(is_notes_off), 0},
    {OPTION_MIDI_LATENCY, KIND_COUNT, 1, AT(midi_latency_ms), 1000},
    {OPTION_MIDI_LOOP, KIND_FLAG, 0, AT(is_midi_loop), 0},
    {OPTION_MIDI_OUT_RAW, KIND_TEXT, 0, AT(midi_out_raw), 0},
    {OPTION_MIDI_RUNNING_STATUS, KIND_FLAG, 0, AT(has_running_status), 0},
    {OPTION_REQUIRE_MIDI, KIND_FLAG, 0, AT(is_midi_required), 0},
    {OPTION_JSON, KIND_FLAG, 0, AT(is_json), 0},
    {OPTION_COMPLETION, KIND_CHOICE, 0, AT(shell), 0},
    {OPTION_QUIET, KIND_FLAG, 0, AT(is_quiet), 0},
    {OPTION_VERBOSE, KIND_FLAG, 0, AT(is_verbose), 0},
    {OPTION_VERSION, KIND_FLAG, 0, AT(is_version), 0},
    {OPTION_HELP, KIND_FLAG, 0, AT(is_help), 0},
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
        memcpy(field, (const void *)&text, sizeof(text));
    } else if (place->kind == KIND_COUNT) {
        is_good =
            text == NULL || options_value_count(name, text, place->least,
                                                place->most, &number, failure);
        const unsigned count = (unsigned)number;
        memcpy(field, &count, sizeof(count));
    } else {
        is_good = options_value_choice(place->id, name, text, &value, failure);
        if (place->kind == KIND_YES_NO) {
            *(bool *)field = value != 0;
        } else {
            memcpy(field, &value, sizeof(value)); /* an enumeration */
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
    options->has_programs |= row->id == OPTION_PRESET_PROGRAMS;
    if (row->id == OPTION_HTTP) {
        options->has_http = true;
        options->has_http_port = text != NULL;
        text = text != NULL ? text : "8486";
    }
    if (row->id == OPTION_OSC) {
        options->has_osc = true;
        options->has_osc_port = text != NULL;
        text = text != NULL ? text : "8486";
    }
    if (row->id == OPTION_SET || row->id == OPTION_LOAD) {
        return options_add_setting(options, row->id == OPTION_LOAD, text,
                                   failure);
    }
    for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
        if (places[i].id == row->id) {
            return apply_place(options, &places[i], option_name(row), text,
                               failure);
        }
    }
    if (row->id == OPTION_CONTROL) {
        return options_add_control(options, text, failure);
    }
    if (row->id == OPTION_OUT_MAP) {
        return options_value_map(option_name(row), text, true,
                                 patch->output_count, &options->out_map,
                                 failure);
    }
    if (row->id == OPTION_IN_MAP) {
        return options_value_map(option_name(row), text, false,
                                 patch->input_count, &options->in_map, failure);
    }
    if (row->id == OPTION_KEYBOARD) {
        options->keyboard = text != NULL ? text : "tty";
        return true;
    }
    if (row->id == OPTION_MIDI_IN || row->id == OPTION_MIDI_RAW ||
        row->id == OPTION_MIDI_OUT || row->id == OPTION_MIDI) {
        return options_add_midi(options, patch, row, text, failure);
    }
    if (row->id == OPTION_START_AT) {
        return options_set_start(options, text, failure);
    }
    if (row->id == OPTION_CC) {
        return options_add_cc(options, text, failure);
    }
    if (row->id == OPTION_RUN_ENTRY) {
        return options_add_entry(options, patch, text, failure);
    }
    return options_value_limit(options, patch, row->id, text, failure);
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
        char one[14];
        char other[13];
        bool are_both;
    } pairs[] = {
        {"quiet", "verbose", options->is_quiet && options->is_verbose},
        {"input", "input-raw",
         options->input != NULL && options->input_raw != NULL},
        {"render", "record", is_render && options->record != NULL},
        {"render", "dummy", is_render && options->is_dummy},
        {"render", "start-at", is_render && options->start_at_ns != 0},
        {"render", "meter", is_render && options->is_meter},
        {"render", "keyboard", is_render && options->keyboard != NULL},
        {"render", "midi-raw", is_render && options->midi_raw.text != NULL},
        {"render", "midi-latency", is_render && options->midi_latency_ms > 0},
        {"render", "midi-out-raw", is_render && options->midi_out_raw != NULL},
        {"midi-out none", "midi-out",
         options->is_midi_out_off && options->midi_out_count > 0},
        {"midi-in none", "require-midi",
         options->is_midi_off && options->is_midi_required},
        {"state", "load-state",
         options->state != NULL && options->load_state != NULL},
        {"state", "save-state",
         options->state != NULL && options->save_state != NULL},
    };
    for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
        if (pairs[i].are_both) {
            return failure_set(failure, STATUS_USAGE,
                               "--%s and --%s exclude each other", pairs[i].one,
                               pairs[i].other);
        }
    }
    return true;
}

/* Words for people, not data. */
static bool is_text(const struct options *options)
{
    return options->is_help || options->is_version ||
           options->shell != SHELL_NONE;
}

bool options_is_information(const struct options *options)
{
    return is_text(options) || options->is_info || options->is_listing ||
           options->is_midi_listing;
}

/* What can only be said once all options are known. */
static bool check_together(struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    bool is_info = options_is_information(options) || options_is_names(options);
    if (options->is_json && (!is_info || is_text(options))) {
        return failure_set(failure, STATUS_USAGE,
                           "--json needs --info, --list, --params, --views, "
                           "--list-devices or --list-midi");
    }
    if (!check_pairs(options, failure) ||
        !options_check_control(options, failure) ||
        !options_check_network(options, failure) ||
        !options_check_device(options, patch, failure) ||
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

/* The row of a key of getopt_long(). */
static const struct option_row *find_row(int key)
{
    for (size_t i = 0; i < option_count; i++) {
        if (key == (int)option_table[i].id ||
            (key != 0 && key == option_table[i].letter)) {
            return &option_table[i];
        }
    }
    return NULL;
}

/* The same, if a long name in 'word' is there in full: getopt_long() takes
 * abbreviations, which would change their meaning with every new option. */
static const struct option_row *find_typed(int key, const char *word)
{
    const struct option_row *row = find_row(key);
    bool is_name = row != NULL && key == (int)row->id;
    return is_name && strlen(option_name(row)) != strcspn(word + 2, "=") ? NULL
                                                                         : row;
}

enum { OPTIONS_MAX = 160 };

/* The table as getopt_long() wants it. */
static void make_tables(struct option *names, char *letters)
{
    *letters++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        names[i].name = option_name(row);
        names[i].has_arg = row->is_optional        ? optional_argument
                           : option_has_value(row) ? required_argument
                                                   : no_argument;
        names[i].val = (int)row->id;
        if (row->letter != 0) {
            *letters++ = row->letter;
        }
    }
}

static struct options default_options(const struct f4e_patch *patch)
{
    return (struct options){
        .device = "default",
        .latency = 1,
        .wait_device_s = -1,
        /* Milliseconds wait for a timer anyway. */
        .rt_prio = patch->tick_ms > 0 ? 0 : 70,
        .is_flushing = true,
        .frame_limit = UINT64_MAX,
    };
}

/* 'options' has the defaults. */
static bool parse(struct options *options, const struct f4e_patch *patch,
                  int argc, char **argv, struct failure *failure)
{
    struct option names[OPTIONS_MAX] = {{0}};
    char letters[OPTIONS_MAX] = "";
    int key;
    make_tables(names, letters);
    optind = 0; /* start over, also when called twice */
    opterr = 0;
    while ((key = getopt_long(argc, argv, letters, names, NULL)) != -1) {
        bool has_value = optarg != NULL && optarg == argv[optind - 1];
        const char *word = argv[optind - 1 - (int)has_value];
        const struct option_row *row =
            find_typed(key == ':' ? optopt : key, word);
        if (key == ':' && row != NULL) {
            return failure_set(failure, STATUS_USAGE, "--%s needs a value",
                               option_name(row));
        }
        if (row == NULL) {
            row = find_typed(optopt, word);
            if (row != NULL) {
                return failure_set(failure, STATUS_USAGE, "--%s takes no value",
                                   option_name(row));
            }
            /* A letter may stand among others; a name is a word alone. */
            const char letter[3] = {'-', (char)optopt, '\0'};
            return options_fail_unknown(
                optopt > 0 && optopt <= UCHAR_MAX ? letter : word, failure);
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

bool options_parse(struct options *options, const struct f4e_patch *patch,
                   int argc, char **argv, struct failure *failure)
{
    *options = default_options(patch);
    return parse(options, patch, argc, argv, failure);
}

bool options_parse_versions(struct options *options,
                            const struct f4e_patch *patch, int argc,
                            char **argv, struct failure *failure)
{
    *options = default_options(patch);
    options->has_versions = true;
    return parse(options, patch, argc, argv, failure);
}
