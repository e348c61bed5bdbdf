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
    OPTION_IMPORT_STUB,
    OPTION_IMPORT_C,
    OPTION_LEVEL,
    OPTION_CPU,
    OPTION_PGO,
    OPTION_PGO_SCRIPT,
    OPTION_TUNE,
    OPTION_MEMORY,
    OPTION_CC,
    OPTION_WASM2C,
    OPTION_EMIT_C,
    OPTION_KEEP,
    OPTION_NO_CACHE,
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
    [OPTION_ASSET] = {0, "asset", "ADDR=FILE",
                      "raw bytes placed at byte ADDR after initDefaults",
                      patch},
    [OPTION_IMPORT_STUB] = {0, "import-stub", "NAME",
                            "let import NAME do nothing and return 0", imports},
    [OPTION_IMPORT_C] = {0, "import-c", "FILE",
                         "C file that defines the other imports", imports},
    [OPTION_LEVEL] = {'O', NULL, "LEVEL", "optimise: 0, 1, 2 or 3 (default 3)",
                      compile},
    [OPTION_CPU] = {0, "cpu", "NAME",
                    "native (default), baseline, or a compiler's name",
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
    [OPTION_WASM2C] = {0, "wasm2c", "PATH", "wabt's wasm2c (default: in PATH)",
                       compile},
    [OPTION_EMIT_C] = {0, "emit-c", "DIR",
                       "keep the C and the compile commands in DIR", compile},
    [OPTION_KEEP] = {0, "keep", NULL, "keep the work directory", compile},
    [OPTION_NO_CACHE] = {0, "no-cache", NULL,
                         "compile the shim again, keep nothing of it", compile},
};

const struct option *options_table(size_t *count)
{
    *count = OPTION_COUNT;
    return table;
}

/* Decimal or 0x…, the whole of 'text' up to 'end', at most 'max'. */
static bool parse_number(const char *text, const char *end, uint32_t max,
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
    if (!parse_number(text, text + strlen(text), max, number) || *number == 0) {
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
        !parse_number(text, equals, PATCH_MAX_CHANNELS - 1,
                      &channel->channel) ||
        !parse_number(equals + 1, text + strlen(text), UINT32_MAX,
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

static bool parse_asset(const char *text, struct options *options,
                        struct diag *diag)
{
    const char *equals = strchr(text, '=');
    struct option_asset *asset = &options->assets[options->asset_count];
    if (options->asset_count == OPTIONS_MAX_ASSETS) {
        return diag_usage(diag, "--asset: more than %d assets",
                          OPTIONS_MAX_ASSETS);
    }
    if (equals == NULL || equals[1] == '\0' ||
        !parse_number(text, equals, UINT32_MAX, &asset->address)) {
        diag_usage(diag, "--asset: '%s' is not ADDRESS=FILE", text);
        return diag_hint(diag, "--asset 0x2000=samples.raw");
    }
    asset->file = equals + 1;
    options->asset_count++;
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

static bool parse_memory(const char *text, bool *is_unchecked,
                         struct diag *diag)
{
    *is_unchecked = strcmp(text, "unchecked") == 0;
    return *is_unchecked || strcmp(text, "checked") == 0 ||
           diag_usage(diag, "--memory: '%s' is neither checked nor unchecked",
                      text);
}

static bool parse_name(const char *option, const char *text, const char **name,
                       struct diag *diag)
{
    *name = text;
    return *text != '\0' || diag_usage(diag, "%s: empty name", option);
}

/* What apply() gets for an optional value that is not there. */
static const char no_value[] = "";

static bool apply(struct options *options, enum option_id id, const char *value,
                  struct diag *diag)
{
    enum { MAX_BLOCK = 65536, MAX_RATE = 1000000, MAX_PGO_SECONDS = 600 };
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
        return parse_asset(value, options, diag);
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
        return parse_memory(value, &options->is_unchecked, diag);
    case OPTION_CC:
        return parse_name("--cc", value, &options->cc, diag);
    case OPTION_WASM2C:
        return parse_name("--wasm2c", value, &options->wasm2c, diag);
    case OPTION_EMIT_C:
        return parse_name("--emit-c", value, &options->emit_c, diag);
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

/* "dir/sine.wasm" → "sine"; never empty, never the input itself. */
static const char *default_output(const char *input, struct arena *arena)
{
    static const char suffix[] = ".wasm";
    const char *base = file_base_name(input);
    size_t length = strlen(base);
    size_t tail = sizeof(suffix) - 1;
    if (length > tail && strcmp(base + length - tail, suffix) == 0) {
        return arena_copy(arena, base, length - tail);
    }
    return arena_format(arena, "%s.out", base);
}

static bool finish(struct options *options, struct arena *arena,
                   struct diag *diag)
{
    if (options->command == COMMAND_HELP ||
        options->command == COMMAND_VERSION) {
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
    if (options->pgo_script != NULL && options->pgo_seconds == 0 &&
        !options->is_tuning) {
        diag_usage(diag, "--pgo-script goes with --pgo or --tune");
        return diag_hint(diag, "f4e-build --pgo --pgo-script %s %s",
                         options->pgo_script, options->input);
    }
    if (options->output != NULL && strcmp(options->output, "-") == 0) {
        diag_usage(diag, "a program cannot be written to standard output");
        return diag_hint(diag, "-o ./- for a file of that name");
    }
    if (options->output == NULL) {
        options->output = default_output(options->input, arena);
    }
    return true;
}

bool options_parse(struct options *options, int argc, char *const *argv,
                   struct arena *arena, struct diag *diag)
{
    *options = (struct options){.level = 3, .cpu = "native"};
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
        } else if (options->input != NULL) {
            return diag_usage(diag, "two modules given, '%s' and '%s'",
                              options->input, argument);
        } else {
            options->input = argument;
        }
    }
    return finish(options, arena, diag);
}

void options_print_help(FILE *stream)
{
    (void)fprintf(
        stream,
        "Usage: f4e-build [OPTION]... PATCH.wasm [-o PATCH]\n"
        "       f4e-build inspect [--json] [OPTION]... PATCH.wasm\n\n"
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
    (void)fprintf(stream,
                  "\nExamples:\n"
                  "  f4e-build sine.wasm && ./sine\n"
                  "  f4e-build patch.wasm -o patch --out 0=0x8 --out 1=0x210\n"
                  "  f4e-build inspect --json patch.wasm\n"
                  "\nExit status: 0 done, 1 input, 2 usage, 3 a tool, "
                  "4 the system.\n");
}
