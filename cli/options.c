/* SPDX-License-Identifier: MIT */
#include "options.h"

#include "base/file.h"

#include <errno.h>
#include <limits.h>

static const char general[] = "General";
static const char patch[] = "The patch (each overrides what was found)";
static const char imports[] = "Functions that the patch imports";
static const char compile[] = "Compiling";

/* In the order of the help; option_id names the rows. */
enum option_id {
    OPTION_OUTPUT,
    OPTION_VERBOSE,
    OPTION_QUIET,
    OPTION_VERSION,
    OPTION_HELP,
    OPTION_JSON,
    OPTION_NAME,
    OPTION_OUT,
    OPTION_IN,
    OPTION_BLOCK,
    OPTION_RATE,
    OPTION_ENTRY,
    OPTION_ASSET,
    OPTION_PROJECT,
    OPTION_NO_PROJECT,
    OPTION_PROJECT_CHECK,
    OPTION_MANIFEST,
    OPTION_IMPORT_STUB,
    OPTION_IMPORT_C,
    OPTION_LEVEL,
    OPTION_TARGET,
    OPTION_SYSROOT,
    OPTION_ALSA,
    OPTION_STATIC,
    OPTION_RANGES,
    OPTION_CPU,
    OPTION_PGO,
    OPTION_PGO_SCRIPT,
    OPTION_TUNE,
    OPTION_MEMORY,
    OPTION_CC,
    OPTION_LAUNCHER,
    OPTION_WASM2C,
    OPTION_EMIT_C,
    OPTION_EMIT,
    OPTION_KEEP,
    OPTION_NO_CACHE,
    OPTION_DEPFILE,
    OPTION_JOBS,
    OPTION_PACKAGE_VERSION,
    OPTION_COUNT
};

static const struct option table[OPTION_COUNT] = {
    [OPTION_OUTPUT] = {'o', "output", "FILE",
                       "executable to write (default: the input's name)",
                       general},
    [OPTION_VERBOSE] = {'v', "verbose", NULL,
                        "show each stage and command, with times", general},
    [OPTION_QUIET] = {'q', "quiet", NULL, "no progress, no notices", general},
    [OPTION_VERSION] = {0, "version", NULL, "print the version", general},
    [OPTION_HELP] = {'h', "help", NULL, "print this help", general},
    [OPTION_JSON] = {0, "json", NULL, "with inspect: print JSON", general},
    [OPTION_NAME] = {0, "name", "NAME", "name of the patch", patch},
    [OPTION_OUT] = {0, "out", "CH=ADDR",
                    "output channel CH (0 = left) is at byte ADDR", patch},
    [OPTION_IN] = {0, "in", "CH=ADDR", "input channel CH is at byte ADDR",
                   patch},
    [OPTION_BLOCK] = {0, "block", "FRAMES", "frames that one block renders",
                      patch},
    [OPTION_RATE] = {0, "rate", "HZ", "sample rate the patch was written for",
                     patch},
    [OPTION_ENTRY] = {0, "entry", "NAME",
                      "export to call for each frame, not buffer or main",
                      patch},
    [OPTION_ASSET] = {0, "asset", "WHAT=FILE",
                      "raw bytes for an asset, a variable or a byte", patch},
    [OPTION_PROJECT] = {0, "project", "FILE",
                        "the 8f4e text of the patch (default: NAME.8f4e)",
                        patch},
    [OPTION_NO_PROJECT] = {0, "no-project", NULL, "take nothing but the module",
                           patch},
    [OPTION_PROJECT_CHECK] = {0, "project-check", "MODE",
                              "when text and module disagree: strict or warn",
                              patch},
    [OPTION_MANIFEST] = {0, "manifest", "FILE",
                         "what inspect --json printed, not a project", patch},
    [OPTION_IMPORT_STUB] = {0, "import-stub", "NAME",
                            "let import NAME do nothing and return 0", imports},
    [OPTION_IMPORT_C] = {0, "import-c", "FILE",
                         "C file that defines the other imports", imports},
    [OPTION_LEVEL] = {'O', NULL, "LEVEL", "optimise: 0, 1, 2 or 3 (default 3)",
                      compile},
    [OPTION_TARGET] = {0, "target", "NAME",
                       "build for another machine; list prints them", compile},
    [OPTION_SYSROOT] = {0, "sysroot", "DIR",
                        "root folder with the target's libraries", compile},
    [OPTION_ALSA] = {0, "alsa", "DIR",
                     "prefix of another alsa-lib: DIR/include, DIR/lib",
                     compile},
    [OPTION_STATIC] = {0, "static", NULL,
                       "no shared libraries; needs a libasound.a", compile},
    [OPTION_RANGES] = {0, "ranges", "MODE",
                       "use of address proofs: off, on, check", compile},
    [OPTION_CPU] = {0, "cpu", "NAME", "native, baseline, or a compiler's name",
                    compile},
    [OPTION_PGO] = {0, "pgo", "[=SECONDS]",
                    "run the patch, then compile it by what was seen", compile},
    [OPTION_PGO_SCRIPT] = {0, "pgo-script", "FILE",
                           "what happens to the patch while it runs for that",
                           compile},
    [OPTION_TUNE] = {0, "tune", NULL,
                     "compile it in several ways and keep the fastest",
                     compile},
    [OPTION_MEMORY] = {0, "memory", "HOW",
                       "checked (default) or unchecked: no bounds checks",
                       compile},
    [OPTION_CC] = {0, "cc", "PATH",
                   "C compiler (default: the newest clang, else gcc)", compile},
    [OPTION_LAUNCHER] = {0, "launcher", "WORD",
                         "start the compiler through WORD, e.g. ccache",
                         compile},
    [OPTION_WASM2C] = {0, "wasm2c", "PATH", "wabt's wasm2c (default: in PATH)",
                       compile},
    [OPTION_EMIT_C] = {0, "emit-c", "DIR",
                       "keep the C and the compile commands in DIR", compile},
    [OPTION_EMIT] = {0, "emit", "KIND",
                     "bundle, object, library, systemd or deb", compile},
    [OPTION_KEEP] = {0, "keep", NULL, "keep the work directory", compile},
    [OPTION_NO_CACHE] = {0, "no-cache", NULL,
                         "compile the shim again, keep nothing of it", compile},
    [OPTION_DEPFILE] = {0, "depfile", "FILE",
                        "write what was read as a rule for make or ninja",
                        compile},
    [OPTION_JOBS] = {'j', "jobs", "N",
                     "compile N files at a time (default: one per CPU)",
                     compile},
    [OPTION_PACKAGE_VERSION] = {0, "package-version", "VERSION",
                                "version of --emit deb (default 1.0)", compile},
};

const struct option *options_table(size_t *count)
{
    *count = OPTION_COUNT;
    return table;
}

bool options_parse_number(const char *text, const char *end, uint32_t max,
                          uint32_t *number)
{
    if (text == end || *text < '0' || *text > '9') {
        return false;
    }
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    char *stop = NULL;
    errno = 0;
    unsigned long long value = strtoull(text, &stop, is_hex ? 16 : 10);
    if (stop != end || errno != 0 || value > max) {
        return false;
    }
    *number = (uint32_t)value;
    return true;
}

static bool parse_count(const char *option, const char *text, uint32_t max,
                        uint32_t *number, struct diag *diag)
{
    if (!options_parse_number(text, text + strlen(text), max, number) ||
        *number == 0) {
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
        !options_parse_number(text, equals, PATCH_MAX_CHANNELS - 1,
                              &channel->channel) ||
        !options_parse_number(equals + 1, text + strlen(text), UINT32_MAX,
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

static bool parse_form(const char *text, enum form *form, struct diag *diag)
{
    *form = form_find(text);
    return *form != FORM_COUNT ||
           diag_usage(diag, "--emit: '%s' is none of %s", text, form_names());
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
        return parse_form(value, &options->form, diag);
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
    for (size_t i = 0; i < OPTION_COUNT; i++) {
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
    for (size_t i = 0; i < OPTION_COUNT; i++) {
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
    const struct form_row *row = form_row(options->form);
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
    if (count == 2 && form_row(options->form)->is_folder &&
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
                   form_row(options->form)->name);
        return diag_hint(diag, "-o ./- for a file of that name");
    }
    if (options->output == NULL) {
        options->output = default_output(options, arena);
    } else if (form_row(options->form)->is_folder) {
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

void options_print_help(FILE *stream)
{
    (void)fprintf(
        stream,
        "Usage: f4e-build [OPTION]... PATCH.wasm [-o PATCH]\n"
        "       f4e-build inspect [--json] [OPTION]... PATCH.wasm\n"
        "       f4e-build embed [OPTION]... PATCH.wasm -o OTHER.wasm\n\n"
        "Turn a WebAssembly module compiled from 8f4e into one native Linux\n"
        "executable that plays through ALSA.\n");
    const char *group = NULL;
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option *option = &table[i];
        if (group == NULL || strcmp(group, option->group) != 0) {
            group = option->group;
            (void)fprintf(stream, "\n%s:\n", group);
        }
        char left[64];
        char letter[4] = {'-', option->letter, '\0', '\0'};
        (void)snprintf(left, sizeof(left), "%s%s%s%s%s%s",
                       option->letter != 0 ? letter : "   ",
                       option->name == NULL ? ""
                       : option->letter     ? ", "
                                            : " ",
                       option->name != NULL ? "--" : "",
                       option->name != NULL ? option->name : "",
                       option->argument == NULL     ? ""
                       : option->argument[0] == '[' ? ""
                       : option->name != NULL       ? " "
                                                    : "",
                       option->argument != NULL ? option->argument : "");
        (void)fprintf(stream, "  %-26s %s\n", left, option->help);
    }
    (void)fprintf(
        stream,
        "\nExamples:\n"
        "  f4e-build sine.wasm && ./sine\n"
        "  f4e-build patch.wasm -o patch --out 0=0x8 --out 1=0x210\n"
        "  f4e-build drum.wasm --project drum.8f4e --asset hit=hit.raw\n"
        "  f4e-build inspect --json patch.wasm\n"
        "\nExit status: 0 done, 1 input, 2 usage, 3 a tool, "
        "4 the system.\n");
}
