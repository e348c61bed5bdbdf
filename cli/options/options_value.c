/* SPDX-License-Identifier: MIT */
/* options_internal.h: where the value of an option goes, and what it may be. */
#include "options/options_internal.h"

#include "base/strict_number.h"

#include <stddef.h>

enum { MAX_CHOICES = 4 };

/* The words of an option; the index of one is its value. */
struct choices {
    const char *names[MAX_CHOICES]; /* NULL: no word for that value */
    const char *refusal;            /* "'x' is …" for anything else */
    const char *hint;               /* or NULL */
};

static const struct choices levels = {
    {"0", "1", "2", "3"}, "not a level from 0 to 3", NULL};
static const struct choices shells = {
    {[SHELL_BASH] = "bash", [SHELL_ZSH] = "zsh"}, "neither bash nor zsh", NULL};
static const struct choices project_checks = {
    {"strict", "warn"}, "neither strict nor warn", NULL};
static const struct choices memories = {
    {"checked", "unchecked"}, "neither checked nor unchecked", NULL};
static const struct choices ranges = {
    {[RANGES_OFF] = "off", [RANGES_ON] = "on", [RANGES_CHECK] = "check"},
    "not off, on or check",
    "--ranges off"};

static bool parse_choice(const char *label, const char *value,
                         const struct choices *choices, unsigned *choice,
                         struct diag *diag)
{
    for (unsigned i = 0; i < MAX_CHOICES; i++) {
        if (choices->names[i] != NULL &&
            strcmp(value, choices->names[i]) == 0) {
            *choice = i;
            return true;
        }
    }
    diag_usage(diag, "%s: '%s' is %s", label, value, choices->refusal);
    return choices->hint != NULL && diag_hint(diag, "%s", choices->hint);
}

static bool parse_count(const char *label, const char *value, uint32_t max,
                        uint32_t *count, struct diag *diag)
{
    return (strict_number_u32(value, strlen(value), max, count) &&
            *count != 0) ||
           diag_usage(diag, "%s: '%s' is not a number from 1 to %u", label,
                      value, max);
}

static bool parse_name(const char *label, const char *value, const char **name,
                       struct diag *diag)
{
    *name = value;
    return *value != '\0' || diag_usage(diag, "%s: empty name", label);
}

static bool parse_channel(const char *option, const char *text,
                          struct option_channel *list, uint32_t *count,
                          struct diag *diag)
{
    const char *equals = strchr(text, '=');
    struct option_channel *channel = &list[*count];
    if (*count == PATCH_MAX_CHANNELS) {
        return diag_usage(diag, "--%s: more than %d channels", option,
                          PATCH_MAX_CHANNELS);
    }
    /* A name of a variable has a colon, which no number has. */
    bool is_name = equals != NULL && strchr(equals, ':') != NULL;
    channel->item = is_name ? equals + 1 : NULL;
    if (equals == NULL ||
        !strict_number_u32(text, (size_t)(equals - text),
                           PATCH_MAX_CHANNELS - 1, &channel->channel) ||
        (!is_name && !strict_number_u32(equals + 1, strlen(equals + 1),
                                        UINT32_MAX, &channel->address))) {
        diag_usage(diag,
                   "--%s: '%s' is not CHANNEL=ADDRESS or CHANNEL=VARIABLE, "
                   "with a channel from 0 to %d and an address in bytes",
                   option, text, PATCH_MAX_CHANNELS - 1);
        return diag_hint(diag, "--%s 0=0x1000, or --%s 0=module:variable",
                         option, option);
    }
    (*count)++;
    return true;
}

/* One more of an option that may be repeated. */
static bool add_word(const char *option, const char *value, const char **words,
                     uint32_t *count, uint32_t max, const char *things,
                     struct diag *diag)
{
    if (*count == max) {
        return diag_usage(diag, "--%s: more than %u %s", option, max, things);
    }
    words[(*count)++] = value;
    return true;
}

static bool parse_output(struct options *options, const char *value,
                         struct diag *diag)
{
    return parse_name("-o", value, &options->output, diag);
}

static bool parse_out(struct options *options, const char *value,
                      struct diag *diag)
{
    return parse_channel("out", value, options->outputs, &options->output_count,
                         diag);
}

static bool parse_in(struct options *options, const char *value,
                     struct diag *diag)
{
    return parse_channel("in", value, options->inputs, &options->input_count,
                         diag);
}

static bool parse_import_stub(struct options *options, const char *value,
                              struct diag *diag)
{
    return add_word("import-stub", value, options->stubs, &options->stub_count,
                    OPTIONS_MAX_STUBS, "names", diag);
}

static bool parse_launcher(struct options *options, const char *value,
                           struct diag *diag)
{
    return add_word("launcher", value, options->launcher,
                    &options->launcher_count, OPTIONS_MAX_LAUNCHER, "words",
                    diag) &&
           parse_name("--launcher", value, &value, diag);
}

static bool parse_target(struct options *options, const char *value,
                         struct diag *diag)
{
    if (strcmp(value, "list") == 0) {
        options->command = COMMAND_TARGETS;
    }
    return parse_name("--target", value, &options->target, diag);
}

/* Without a value, to see them: inspect. */
static bool parse_ranges(struct options *options, const char *value,
                         struct diag *diag)
{
    unsigned mode = RANGES_ON;
    bool ok =
        value == NULL || parse_choice("--ranges", value, &ranges, &mode, diag);
    options->ranges = (enum option_ranges)mode;
    return ok;
}

static bool parse_completion(struct options *options, const char *value,
                             struct diag *diag)
{
    unsigned shell = SHELL_BASH;
    bool ok = parse_choice("--completion", value, &shells, &shell, diag);
    options->command = COMMAND_COMPLETION;
    options->shell = (enum option_shell)shell;
    return ok;
}

static bool parse_pgo(struct options *options, const char *value,
                      struct diag *diag)
{
    enum { MAX_SECONDS = 600 };
    options->pgo_seconds = OPTIONS_PGO_SECONDS;
    return value == NULL || parse_count("--pgo", value, MAX_SECONDS,
                                        &options->pgo_seconds, diag);
}

static bool parse_emit(struct options *options, const char *value,
                       struct diag *diag)
{
    options->emit_kind = emit_kind_find(value);
    return options->emit_kind != EMIT_COUNT ||
           diag_usage(diag, "--emit: '%s' is none of %s", value,
                      emit_kind_names());
}

/* What dpkg takes as a version; an epoch is a number that it can hold. */
static bool parse_version(struct options *options, const char *value,
                          struct diag *diag)
{
    enum { MAX_LENGTH = 64, MAX_EPOCH_DIGITS = 9 };
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+~-";
    size_t epoch = strspn(value, "0123456789");
    bool has_epoch =
        epoch > 0 && epoch <= MAX_EPOCH_DIGITS && value[epoch] == ':';
    const char *rest = has_epoch ? value + epoch + 1 : value;
    options->package_version = value;
    if (rest[0] < '0' || rest[0] > '9' || strlen(value) > MAX_LENGTH ||
        rest[strspn(rest, letters)] != '\0' ||
        rest[strlen(rest) - 1] == '-') { /* a revision is not empty */
        diag_usage(diag, "--package-version: '%s' is no version", value);
        return diag_hint(diag, "--package-version 1.2");
    }
    return true;
}

/* 0 is a number here: no fade. */
static bool parse_crossfade(struct options *options, const char *value,
                            struct diag *diag)
{
    enum { MAX_MS = 10000 };
    return strict_number_u32(value, strlen(value), MAX_MS,
                             &options->crossfade_ms) ||
           diag_usage(diag,
                      "--crossfade: '%s' is not a number of milliseconds from "
                      "0 to %d",
                      value, MAX_MS);
}

enum kind {
    KIND_PARSED,  /* by 'parse' */
    KIND_FLAG,    /* bool: true */
    KIND_COMMAND, /* enum command: 'max' */
    KIND_NAME,    /* const char *: not empty */
    KIND_COUNT,   /* uint32_t: 1 to 'max' */
    KIND_CHOICE,  /* unsigned: index into 'choices' */
    KIND_YES_NO,  /* bool: the same of two */
};

/* Where the value of each option goes. */
static const struct place {
    enum kind kind;
    size_t offset; /* in struct options */
    uint32_t max;
    const struct choices *choices;
    bool (*parse)(struct options *options, const char *value,
                  struct diag *diag);
} places[OPTION_COUNT] = {
#define AT(member)    offsetof(struct options, member)
#define FLAG(member)  {KIND_FLAG, AT(member), 0, NULL, NULL}
#define NAME(member)  {KIND_NAME, AT(member), 0, NULL, NULL}
#define PARSED(parse) {KIND_PARSED, 0, 0, NULL, parse}
    [OPTION_OUTPUT] = PARSED(parse_output),
    [OPTION_VERBOSE] = FLAG(is_verbose),
    [OPTION_QUIET] = FLAG(is_quiet),
    [OPTION_VERSION] = {KIND_COMMAND, AT(command), COMMAND_VERSION, NULL, NULL},
    [OPTION_HELP] = {KIND_COMMAND, AT(command), COMMAND_HELP, NULL, NULL},
    [OPTION_COMPLETION] = PARSED(parse_completion),
    [OPTION_JSON] = FLAG(is_json),
    [OPTION_NAME] = NAME(name),
    [OPTION_OUT] = PARSED(parse_out),
    [OPTION_IN] = PARSED(parse_in),
    [OPTION_BLOCK] = {KIND_COUNT, AT(block_frames), 65536, NULL, NULL},
    [OPTION_RATE] = {KIND_COUNT, AT(sample_rate), 1000000, NULL, NULL},
    [OPTION_ENTRY] = NAME(entry),
    [OPTION_ASSET] = PARSED(options_parse_asset),
    [OPTION_ASSETS] = NAME(asset_folder),
    [OPTION_NO_ASSETS] = FLAG(is_assetless),
    [OPTION_PROJECT] = NAME(project),
    [OPTION_NO_PROJECT] = FLAG(is_projectless),
    [OPTION_PROJECT_CHECK] = {KIND_YES_NO, AT(is_lenient), 0, &project_checks,
                              NULL},
    [OPTION_MANIFEST] = NAME(manifest),
    [OPTION_COMPILER] = NAME(compiler),
    [OPTION_ALLOW_PRIVATE] = FLAG(is_private),
    [OPTION_UPDATE] = FLAG(is_updating),
    [OPTION_MAX_BYTES] = {KIND_COUNT, AT(max_bytes), 1 << 30, NULL, NULL},
    [OPTION_MAX_SECONDS] = {KIND_COUNT, AT(max_seconds), 86400, NULL, NULL},
    [OPTION_IMPORT_STUB] = PARSED(parse_import_stub),
    [OPTION_IMPORT_C] = NAME(import_c),
    [OPTION_LEVEL] = {KIND_CHOICE, AT(level), 0, &levels, NULL},
    [OPTION_TARGET] = PARSED(parse_target),
    [OPTION_SYSROOT] = NAME(sysroot),
    [OPTION_ALSA] = NAME(alsa),
    [OPTION_STATIC] = FLAG(is_static),
    [OPTION_RANGES] = PARSED(parse_ranges),
    [OPTION_CPU] = NAME(cpu),
    [OPTION_PGO] = PARSED(parse_pgo),
    [OPTION_PGO_SCRIPT] = NAME(pgo_script),
    [OPTION_TUNE] = FLAG(is_tuning),
    [OPTION_MEMORY] = {KIND_YES_NO, AT(is_unchecked), 0, &memories, NULL},
    [OPTION_CC] = NAME(cc),
    [OPTION_LAUNCHER] = PARSED(parse_launcher),
    [OPTION_WASM2C] = NAME(wasm2c),
    [OPTION_EMIT_C] = NAME(emit_c),
    [OPTION_EMIT] = PARSED(parse_emit),
    [OPTION_KEEP] = FLAG(is_keeping),
    [OPTION_NO_CACHE] = FLAG(is_uncached),
    [OPTION_DEPFILE] = NAME(depfile),
    [OPTION_JOBS] = {KIND_COUNT, AT(jobs), 1000, NULL, NULL},
    [OPTION_PACKAGE_VERSION] = PARSED(parse_version),
    [OPTION_WATCH] = FLAG(is_watching),
    [OPTION_NO_WATCH] = FLAG(is_not_watching),
    [OPTION_CROSSFADE] = PARSED(parse_crossfade),
    [OPTION_FRESH] = FLAG(is_fresh),
#undef AT
#undef FLAG
#undef NAME
#undef PARSED
};

const char *options_choice(enum option_id id, unsigned index)
{
    const struct choices *choices = id == OPTION_RANGES ? &ranges
                                    : id == OPTION_COMPLETION
                                        ? &shells
                                        : places[id].choices;
    return choices != NULL && index < MAX_CHOICES ? choices->names[index] : "";
}

static bool parse_yes_no(const char *label, const char *value,
                         const struct choices *choices, bool *answer,
                         struct diag *diag)
{
    unsigned choice = 0;
    bool ok = parse_choice(label, value, choices, &choice, diag);
    *answer = choice != 0;
    return ok;
}

bool options_apply(struct options *options, enum option_id id,
                   const char *value, struct diag *diag)
{
    const struct place *place = &places[id];
    const struct option_row *row = &options_table(NULL)[id];
    void *field = (char *)options + place->offset;
    char label[32];
    const char letter[2] = {row->letter, '\0'};
    (void)snprintf(label, sizeof(label), "%s%s", row->name != NULL ? "--" : "-",
                   row->name != NULL ? row->name : letter);
    switch (place->kind) {
    case KIND_FLAG:
        *(bool *)field = true;
        return true;
    case KIND_COMMAND:
        *(enum command *)field = (enum command)place->max;
        return true;
    case KIND_NAME:
        return parse_name(label, value, field, diag);
    case KIND_COUNT:
        return parse_count(label, value, place->max, field, diag);
    case KIND_CHOICE:
        return parse_choice(label, value, place->choices, field, diag);
    case KIND_YES_NO:
        return parse_yes_no(label, value, place->choices, field, diag);
    case KIND_PARSED:
        break;
    }
    return place->parse(options, value, diag);
}
