/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include "base/file.h"
#include "base/strict_number.h"
#include "options/options_table.h"

static bool parse_count(const char *option, const char *text, uint32_t max,
                        uint32_t *number, struct diag *diag)
{
    if (!strict_number_u32(text, strlen(text), max, number) || *number == 0) {
        return diag_usage(diag, "--%s: '%s' is not a number from 1 to %u",
                          option, text, max);
    }
    return true;
}

static bool parse_channel(const char *option, const char *text,
                          struct describe_channel *list, uint32_t *count,
                          struct diag *diag)
{
    const char *equals = strchr(text, '=');
    struct describe_channel *channel = &list[*count];
    if (*count == PATCH_MAX_CHANNELS) {
        return diag_usage(diag, "--%s: more than %d channels", option,
                          PATCH_MAX_CHANNELS);
    }
    if (equals == NULL ||
        !strict_number_u32(text, (size_t)(equals - text),
                           PATCH_MAX_CHANNELS - 1, &channel->channel) ||
        !strict_number_u32(equals + 1, strlen(equals + 1), UINT32_MAX,
                           &channel->address)) {
        diag_usage(diag,
                   "--%s: '%s' is not CHANNEL=ADDRESS, with a channel "
                   "from 0 to %d and an address in bytes",
                   option, text, PATCH_MAX_CHANNELS - 1);
        return diag_hint(diag, "--%s 0=0x1000", option);
    }
    (*count)++;
    return true;
}

static bool parse_level(const char *text, unsigned *level, struct diag *diag)
{
    if (text[0] < '0' || text[0] > '3' || text[1] != '\0') {
        return diag_usage(diag, "-O: '%s' is not a level from 0 to 3", text);
    }
    *level = (unsigned)(text[0] - '0');
    return true;
}

static bool parse_ranges(const char *text, enum option_ranges *ranges,
                         struct diag *diag)
{
    static const char *const modes[] = {
        [RANGES_OFF] = "off", [RANGES_ON] = "on", [RANGES_CHECK] = "check"};
    for (int i = RANGES_OFF; i <= RANGES_CHECK; i++) {
        if (strcmp(text, modes[i]) == 0) {
            *ranges = (enum option_ranges)i;
            return true;
        }
    }
    diag_usage(diag, "--ranges: '%s' is not off, on or check", text);
    return diag_hint(diag, "--ranges off");
}

static bool parse_name(const char *option, const char *text, const char **name,
                       struct diag *diag)
{
    *name = text;
    return *text != '\0' || diag_usage(diag, "%s: empty name", option);
}

static bool parse_emit_kind(const char *text, enum emit_kind *kind,
                            struct diag *diag)
{
    *kind = emit_kind_find(text);
    return *kind != EMIT_COUNT || diag_usage(diag, "--emit: '%s' is none of %s",
                                             text, emit_kind_names());
}

/* What dpkg takes as a version, without an epoch. */
static bool parse_version(const char *text, const char **version,
                          struct diag *diag)
{
    enum { MAX_LENGTH = 64 };
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~-";
    *version = text;
    if (text[0] < '0' || text[0] > '9' || strlen(text) > MAX_LENGTH ||
        text[strspn(text, letters)] != '\0') {
        diag_usage(diag, "--package-version: '%s' is no version", text);
        return diag_hint(diag, "--package-version 1.2");
    }
    return true;
}

/* What apply() gets for an optional value that is not there. */
static const char no_value[] = "";

static bool apply(struct options *options, enum option_id id, const char *value,
                  struct diag *diag)
{
    enum {
        MAX_BLOCK = 65536,
        MAX_RATE = 1000000,
        MAX_JOBS = 1000,
        MAX_PGO_SECONDS = 600
    };
    switch (id) {
    case OPTION_OUTPUT:
        return parse_name("-o", value, &options->output, diag);
    case OPTION_VERBOSE:
        options->is_verbose = true;
        return true;
    case OPTION_QUIET:
        options->is_quiet = true;
        return true;
    case OPTION_VERSION:
        options->command = COMMAND_VERSION;
        return true;
    case OPTION_HELP:
        options->command = COMMAND_HELP;
        return true;
    case OPTION_JSON:
        options->is_json = true;
        return true;
    case OPTION_NAME:
        return parse_name("--name", value, &options->name, diag);
    case OPTION_OUT:
        return parse_channel("out", value, options->outputs,
                             &options->output_count, diag);
    case OPTION_IN:
        return parse_channel("in", value, options->inputs,
                             &options->input_count, diag);
    case OPTION_BLOCK:
        return parse_count("block", value, MAX_BLOCK, &options->block_frames,
                           diag);
    case OPTION_RATE:
        return parse_count("rate", value, MAX_RATE, &options->sample_rate,
                           diag);
    case OPTION_ENTRY:
        return parse_name("--entry", value, &options->entry, diag);
    case OPTION_ASSET:
        return options_parse_asset(value, options, diag);
    case OPTION_PROJECT:
        return parse_name("--project", value, &options->project, diag);
    case OPTION_NO_PROJECT:
        options->is_projectless = true;
        return true;
    case OPTION_PROJECT_CHECK:
        return options_parse_check(value, options, diag);
    case OPTION_MANIFEST:
        return parse_name("--manifest", value, &options->manifest, diag);
    case OPTION_IMPORT_STUB:
        if (options->stub_count == OPTIONS_MAX_STUBS) {
            return diag_usage(diag, "--import-stub: more than %d names",
                              OPTIONS_MAX_STUBS);
        }
        options->stubs[options->stub_count++] = value;
        return true;
    case OPTION_IMPORT_C:
        options->import_c = value;
        return true;
    case OPTION_LEVEL:
        return parse_level(value, &options->level, diag);
    case OPTION_TARGET:
        if (strcmp(value, "list") == 0) {
            options->command = COMMAND_TARGETS;
        }
        return parse_name("--target", value, &options->target, diag);
    case OPTION_SYSROOT:
        return parse_name("--sysroot", value, &options->sysroot, diag);
    case OPTION_ALSA:
        return parse_name("--alsa", value, &options->alsa, diag);
    case OPTION_STATIC:
        options->is_static = true;
        return true;
    case OPTION_RANGES:
        return parse_ranges(value, &options->ranges, diag);
    case OPTION_CPU:
        return parse_name("--cpu", value, &options->cpu, diag);
    case OPTION_PGO:
        options->pgo_seconds = OPTIONS_PGO_SECONDS;
        return value == no_value || parse_count("pgo", value, MAX_PGO_SECONDS,
                                                &options->pgo_seconds, diag);
    case OPTION_PGO_SCRIPT:
        return parse_name("--pgo-script", value, &options->pgo_script, diag);
    case OPTION_TUNE:
        options->is_tuning = true;
        return true;
    case OPTION_MEMORY:
        return options_parse_memory(value, options, diag);
    case OPTION_CC:
        return parse_name("--cc", value, &options->cc, diag);
    case OPTION_LAUNCHER:
        if (options->launcher_count == OPTIONS_MAX_LAUNCHER) {
            return diag_usage(diag, "--launcher: more than %d words",
                              OPTIONS_MAX_LAUNCHER);
        }
        return parse_name("--launcher", value,
                          &options->launcher[options->launcher_count++], diag);
    case OPTION_WASM2C:
        return parse_name("--wasm2c", value, &options->wasm2c, diag);
    case OPTION_EMIT_C:
        return parse_name("--emit-c", value, &options->emit_c, diag);
    case OPTION_PACKAGE_VERSION:
        return parse_version(value, &options->package_version, diag);
    case OPTION_JOBS:
        return parse_count("jobs", value, MAX_JOBS, &options->jobs, diag);
    case OPTION_DEPFILE:
        return parse_name("--depfile", value, &options->depfile, diag);
    case OPTION_EMIT:
        return parse_emit_kind(value, &options->emit_kind, diag);
    case OPTION_NO_CACHE:
        options->is_uncached = true;
        return true;
    case OPTION_KEEP:
        options->is_keeping = true;
        return true;
    case OPTION_COUNT:
    default:
        return false;
    }
}

/* Levenshtein distance, for "did you mean". */
static size_t distance(const char *a, const char *b, size_t b_length)
{
    enum { MAX_LENGTH = 32 };
    size_t row[MAX_LENGTH + 1];
    size_t length = strlen(a);
    if (length > MAX_LENGTH || b_length > MAX_LENGTH) {
        return SIZE_MAX;
    }
    for (size_t i = 0; i <= length; i++) {
        row[i] = i;
    }
    for (size_t j = 1; j <= b_length; j++) {
        size_t diagonal = row[0];
        row[0] = j;
        for (size_t i = 1; i <= length; i++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1] ? 1 : 0);
            diagonal = row[i];
            size_t add = row[i - 1] + 1;
            size_t drop = row[i] + 1;
            row[i] = change < add ? change : add;
            row[i] = row[i] < drop ? row[i] : drop;
        }
    }
    return row[length];
}

static bool unknown(const char *argument, const char *name, size_t length,
                    struct diag *diag)
{
    enum { NEAR = 4 };
    size_t best = length < NEAR ? length : NEAR;
    const char *nearest = NULL;
    size_t count = 0;
    const struct option *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        size_t d = table[i].name == NULL
                       ? SIZE_MAX
                       : distance(table[i].name, name, length);
        if (d < best) {
            best = d;
            nearest = table[i].name;
        }
    }
    diag_usage(diag, "unknown option '%s'", argument);
    return nearest != NULL ? diag_hint(diag, "did you mean --%s?", nearest)
                           : diag_hint(diag, "f4e-build --help");
}

/* One option at argv[*at]; moves '*at' past a separate value. */
static bool parse_option(struct options *options, int argc, char *const *argv,
                         int *at, struct diag *diag)
{
    const char *argument = argv[*at];
    bool is_long = argument[1] == '-';
    const char *name = argument + (is_long ? 2 : 1);
    size_t length = is_long ? strcspn(name, "=") : 1;
    size_t count = 0;
    const struct option *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        const struct option *option = &table[i];
        bool is_match =
            is_long ? option->name != NULL && strlen(option->name) == length &&
                          memcmp(option->name, name, length) == 0
                    : option->letter != 0 && option->letter == name[0];
        if (!is_match) {
            continue;
        }
        const char *rest = name + length;
        bool has_value = is_long ? *rest == '=' : *rest != '\0';
        if (i == OPTION_RANGES && options->command == COMMAND_INSPECT &&
            !has_value) {
            options->ranges = RANGES_ON; /* it asks to see them */
            return true;
        }
        if (!has_value && option->argument != NULL &&
            option->argument[0] == '[') {
            return apply(options, (enum option_id)i, no_value, diag);
        }
        if (option->argument == NULL) {
            if (has_value) {
                return diag_usage(diag, "'%s' takes no value", argument);
            }
            return apply(options, (enum option_id)i, "", diag);
        }
        if (has_value) {
            return apply(options, (enum option_id)i, rest + (is_long ? 1 : 0),
                         diag);
        }
        if (*at + 1 >= argc) {
            return diag_usage(diag, "'%s' needs a value: %s", argument,
                              option->argument);
        }
        return apply(options, (enum option_id)i, argv[++*at], diag);
    }
    return unknown(argument, name, length, diag);
}

static bool is_module(const char *path)
{
    static const char suffix[] = ".wasm";
    size_t length = strlen(path);
    size_t tail = sizeof(suffix) - 1;
    return length > tail && strcmp(path + length - tail, suffix) == 0;
}

/* "dir/sine.wasm" → "sine"; never empty, never the input itself. */
static const char *default_output(const struct options *options,
                                  struct arena *arena)
{
    const struct emit_kind_row *row = emit_kind_row(options->emit_kind);
    const char *base = file_base_name(options->input);
    if (is_module(base)) {
        return arena_format(arena, "%s%.*s%s", row->prefix,
                            (int)(strlen(base) - strlen(".wasm")), base,
                            row->suffix);
    }
    return arena_format(arena, "%s%s%s", row->prefix, base,
                        row->suffix[0] != '\0' ? row->suffix : ".out");
}

/* The operands: a module; a second one may be the folder to make, which then
 * is the one that has not a module's name. */
static bool take_operands(struct options *options, const char *const *operands,
                          size_t count, struct diag *diag)
{
    if (count == 2 && emit_kind_row(options->emit_kind)->is_folder &&
        options->output == NULL &&
        is_module(operands[0]) != is_module(operands[1])) {
        size_t module = is_module(operands[0]) ? 0 : 1;
        options->input = operands[module];
        options->output = operands[1 - module];
        return true;
    }
    options->input = operands[0];
    return count < 2 || diag_usage(diag, "two modules given, '%s' and '%s'",
                                   operands[0], operands[1]);
}

/* "folder/" → "folder" */
static const char *without_slashes(const char *path, struct arena *arena)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') {
        length--;
    }
    return arena_copy(arena, path, length);
}

static bool finish(struct options *options, struct arena *arena,
                   struct diag *diag)
{
    if (options->command == COMMAND_HELP ||
        options->command == COMMAND_VERSION ||
        options->command == COMMAND_TARGETS) {
        return true;
    }
    if (options->input == NULL) {
        diag_usage(diag, "no module given");
        return diag_hint(diag, "f4e-build patch.wasm -o patch");
    }
    if (options->is_json && options->command != COMMAND_INSPECT) {
        diag_usage(diag, "--json goes with inspect");
        return diag_hint(diag, "f4e-build inspect --json %s", options->input);
    }
    if (!options_check_project(options, diag) ||
        !options_check_tuning(options, diag)) {
        return false;
    }
    if (options->output != NULL && strcmp(options->output, "-") == 0) {
        diag_usage(diag, "a %s cannot be written to standard output",
                   emit_kind_row(options->emit_kind)->name);
        return diag_hint(diag, "-o ./- for a file of that name");
    }
    if (options->output == NULL) {
        options->output = default_output(options, arena);
    } else if (emit_kind_row(options->emit_kind)->is_folder) {
        options->output = without_slashes(options->output, arena);
    }
    return true;
}

bool options_parse(struct options *options, int argc, char *const *argv,
                   struct arena *arena, struct diag *diag)
{
    enum { MAX_OPERANDS = 3 };
    *options = (struct options){.level = 3};
    const char *operands[MAX_OPERANDS + 1] = {NULL};
    size_t count = 0;
    bool are_options = true;
    for (int i = 1; i < argc; i++) {
        const char *argument = argv[i];
        if (are_options && strcmp(argument, "--") == 0) {
            are_options = false;
        } else if (are_options && argument[0] == '-' && argument[1] != '\0') {
            if (!parse_option(options, argc, argv, &i, diag)) {
                return false;
            }
        } else if (i == 1 && strcmp(argument, "inspect") == 0) {
            options->command = COMMAND_INSPECT;
        } else if (i == 1 && strcmp(argument, "embed") == 0) {
            options->command = COMMAND_EMBED;
        } else {
            operands[count] = argument;
            count += count < MAX_OPERANDS ? 1 : 0;
        }
    }
    return take_operands(options, operands, count, diag) &&
           finish(options, arena, diag);
}
