/* SPDX-License-Identifier: MIT */
#include "options/options.h"

#include "base/file.h"
#include "base/process.h"
#include "common/nearest.h"
#include "options/options_internal.h"
#include "text/text_name.h"

#include <getopt.h>

/* What getopt_long() returns for an option with a name; letters are below. */
enum { KEY_NAMES = 256, KEY_OPERAND = 1 };

static const struct option_row *find_row(int key)
{
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (key == KEY_NAMES + (int)i || (key != 0 && key == table[i].letter)) {
            return &table[i];
        }
    }
    return NULL;
}

/* The row whose name 'word' has in full: getopt_long() takes abbreviations,
 * which would change their meaning with every new option. */
static const struct option_row *find_typed(int key, const char *word)
{
    const struct option_row *row = find_row(key);
    bool is_name = word[1] == '-';
    return row != NULL && is_name && strlen(row->name) != strcspn(word + 2, "=")
               ? NULL
               : row;
}

/* The name of 'word' as it stands, to compare it with the table's. */
static const char *find_nearest(const char *word, struct arena *arena)
{
    size_t dashes = strspn(word, "-");
    const char *name =
        arena_copy(arena, word + dashes, strcspn(word + dashes, "="));
    size_t best = nearest_limit(name) + 1;
    const char *nearest = NULL;
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    for (size_t i = 0; i < count; i++) {
        size_t distance = table[i].name == NULL
                              ? SIZE_MAX
                              : nearest_distance(name, table[i].name);
        if (distance < best) {
            best = distance;
            nearest = table[i].name;
        }
    }
    return nearest;
}

static bool fail_unknown(const char *word, struct arena *arena,
                         struct diag *diag)
{
    const char *nearest = find_nearest(word, arena);
    diag_usage(diag, "unknown option '%s'", word);
    return nearest != NULL ? diag_hint(diag, "did you mean --%s?", nearest)
                           : diag_hint(diag, "f4e-build --help");
}

enum { MAX_OPERANDS = 3 };

struct operands {
    const char *words[MAX_OPERANDS];
    size_t count;
};

/* More than one build takes are not counted. */
static void add_operand(struct operands *operands, const char *word)
{
    if (operands->count < MAX_OPERANDS) {
        operands->words[operands->count++] = word;
    }
}

/* The table as getopt_long() takes it, for one command. */
struct getopt_tables {
    struct option names[OPTION_COUNT + 1];
    char letters[2 * OPTION_COUNT + 3];
};

static void make_tables(struct getopt_tables *tables, enum command command)
{
    size_t count = 0;
    const struct option_row *table = options_table(&count);
    struct option *name = tables->names;
    char *letter = tables->letters;
    *tables = (struct getopt_tables){.letters = ""};
    *letter++ = '-'; /* operands in order, as KEY_OPERAND */
    *letter++ = ':'; /* tell a missing value from an unknown option */
    for (size_t i = 0; i < count; i++) {
        const struct option_row *row = &table[i];
        /* inspect shows ranges; how they are compiled does not matter there. */
        bool is_optional = row->argument != NULL &&
                           (row->argument[0] == '[' ||
                            (i == OPTION_RANGES && command == COMMAND_INSPECT));
        if (row->name != NULL) {
            *name++ = (struct option){
                .name = row->name,
                .has_arg = is_optional             ? optional_argument
                           : row->argument != NULL ? required_argument
                                                   : no_argument,
                .val = KEY_NAMES + (int)i,
            };
        }
        if (row->letter != 0) {
            *letter++ = row->letter;
            if (row->argument != NULL) {
                *letter++ = ':';
            }
        }
    }
}

/* One result of getopt_long(): 'key' for 'word', with 'value' or NULL. */
static bool take_option(struct options *options, int key, const char *word,
                        const char *value, struct arena *arena,
                        struct diag *diag)
{
    bool is_error = key == '?' || key == ':';
    const struct option_row *row = find_typed(is_error ? optopt : key, word);
    if (row == NULL) {
        return fail_unknown(word, arena, diag);
    }
    if (key == ':') {
        return diag_usage(diag, "'%s' needs a value: %s", word, row->argument);
    }
    bool is_joined = word[1] != '-' && word[2] != '\0';
    if (key == '?' || (row->argument == NULL && is_joined)) {
        return diag_usage(diag, "'%s' takes no value", word);
    }
    return options_apply(options, (enum option_id)(row - options_table(NULL)),
                         value, diag);
}

/* Both are as long. */
static bool is_module(const char *path)
{
    static const char suffix[] = ".wasm";
    size_t length = strlen(path);
    size_t tail = sizeof(suffix) - 1;
    return length > tail &&
           (strcmp(path + length - tail, suffix) == 0 || text_has_name(path));
}

/* "dir/sine.wasm" or "dir/sine.8f4e" → "sine"; never empty, never the input
 * itself. */
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

/* What a user types for each command that takes a file. */
static const struct {
    const char *word;
    const char *example;
} commands[] = {
    [COMMAND_BUILD] = {NULL, "f4e-build patch.wasm -o patch"},
    [COMMAND_INSPECT] = {"inspect", "f4e-build inspect patch.wasm"},
    [COMMAND_EMBED] = {"embed", "f4e-build embed patch.wasm -o other.wasm"},
    [COMMAND_FETCH] = {"fetch", "f4e-build fetch patch.8f4e"},
    [COMMAND_PLAY] = {"play", "f4e-build play patch.wasm"},
};

enum { COMMANDS = sizeof(commands) / sizeof(commands[0]) };

/* The command that 'word' is, or may have been meant to be; or NULL. */
static const char *find_command(const char *word)
{
    for (size_t i = 0; i < COMMANDS; i++) {
        if (commands[i].word != NULL &&
            nearest_distance(word, commands[i].word) <= nearest_limit(word)) {
            return commands[i].word;
        }
    }
    return NULL;
}

static bool fail_two(const struct options *options, const char *const *operands,
                     struct arena *arena, struct diag *diag)
{
    diag_usage(diag, "two modules given, '%s' and '%s'", operands[0],
               operands[1]);
    for (size_t i = 0; i < 2 && options->command == COMMAND_BUILD; i++) {
        const char *command = find_command(operands[i]);
        const char *const words[] = {"f4e-build", command, operands[1 - i],
                                     NULL};
        if (command != NULL) {
            return diag_hint(diag, "did you mean %s?",
                             process_quote(words, arena));
        }
    }
    return false;
}

/* The operands: a module; a second one may be the folder to make, which then
 * is the one that has not a module's name. */
static bool take_operands(struct options *options, const char *const *operands,
                          size_t count, struct arena *arena, struct diag *diag)
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
    return count < 2 || fail_two(options, operands, arena, diag);
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
        options->command == COMMAND_TARGETS ||
        options->command == COMMAND_COMPLETION) {
        return true;
    }
    if (options->input == NULL) {
        diag_usage(diag, "no module given");
        return diag_hint(diag, "%s", commands[options->command].example);
    }
    if (options->is_json && options->command != COMMAND_INSPECT) {
        diag_usage(diag, "--json goes with inspect");
        return diag_hint(diag, "f4e-build inspect --json %s", options->input);
    }
    options_take_text(options);
    if (!options_check_fetch(options, diag) ||
        !options_check_project(options, diag) ||
        !options_check_tuning(options, diag) ||
        !options_check_play(options, diag)) {
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

/* The command is the first word that is neither an option nor a value of one.
 * What it is changes how the options behind it are read. */
static bool take_command(struct options *options, struct getopt_tables *tables,
                         const char *word)
{
    enum command command = COMMAND_BUILD;
    for (size_t i = 0; i < COMMANDS; i++) {
        if (commands[i].word != NULL && strcmp(word, commands[i].word) == 0) {
            command = (enum command)i;
        }
    }
    if (command == COMMAND_BUILD) {
        return false;
    }
    if (options->command == COMMAND_BUILD) { /* not --help, for instance */
        options->command = command;
    }
    make_tables(tables, command);
    return true;
}

/* Behind the module that is to play, the first option that is none of ours is
 * the patch's, and so is all that follows it. */
static bool is_for_patch(const struct options *options, int key,
                         const char *word, const struct operands *operands)
{
    bool is_error = key == '?' || key == ':';
    return options->command == COMMAND_PLAY && operands->count > 0 &&
           find_typed(is_error ? optopt : key, word) == NULL;
}

bool options_parse(struct options *options, int argc, char *const *argv,
                   struct arena *arena, struct diag *diag)
{
    struct getopt_tables tables;
    struct operands operands = {{NULL}, 0};
    bool has_command = false;
    *options = (struct options){
        .command = COMMAND_BUILD, .level = 3, .crossfade_ms = UINT32_MAX};
    make_tables(&tables, options->command);
    optind = 0; /* start over, also when called twice */
    opterr = 0;
    for (;;) {
        const int at = optind > 0 ? optind : 1;
        const char *word = argv[at];
        int key = getopt_long(argc, argv, tables.letters, tables.names, NULL);
        if (key == -1) {
            break;
        }
        if (key == KEY_OPERAND && !has_command && operands.count == 0 &&
            take_command(options, &tables, optarg)) {
            has_command = true;
        } else if (key == KEY_OPERAND) {
            add_operand(&operands, optarg);
        } else if (is_for_patch(options, key, word, &operands)) {
            optind = at;
            break;
        } else if (!take_option(options, key, word, optarg, arena, diag)) {
            return false;
        }
    }
    if (options->command == COMMAND_PLAY) {
        options->patch_argv = argv + optind;
        options->patch_argc = argc - optind;
        optind = argc;
    }
    for (; optind < argc; optind++) {
        add_operand(&operands, argv[optind]);
    }
    return take_operands(options, operands.words, operands.count, arena,
                         diag) &&
           finish(options, arena, diag);
}
