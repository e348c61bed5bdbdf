/* SPDX-License-Identifier: MIT */
/* Declared in options/options.h. */
#include "options/options.h"

#include "options/options_internal.h"

#include <string.h>

enum { OPTIONS_MAX = 128 };

/* What may be said of values beyond the words of options_choices(); a FILE that
 * is not here is any file. */
static const struct offer {
    enum option_id id;
    enum value_kind kind;
    const char *words;   /* with blanks between, or NULL */
    const char *pattern; /* of files, or NULL */
} offers[] = {
    {OPTION_DEVICE, VALUE_DEVICE, "default", NULL},
    {OPTION_IN_DEVICE, VALUE_DEVICE, "default", NULL},
    {OPTION_SET, VALUE_SETTING, NULL, NULL},
    {OPTION_LOAD, VALUE_SETTING, NULL, NULL},
    {OPTION_CC, VALUE_SETTING, NULL, NULL},
    {OPTION_WATCH, VALUE_NAMES, NULL, NULL},
    {OPTION_LIST, VALUE_NAME, NULL, NULL},
    {OPTION_PRESET, VALUE_PRESET, NULL, NULL},
    {OPTION_RUN_ENTRY, VALUE_EXPORT, NULL, NULL},
    {OPTION_MIDI_IN, VALUE_MIDI_IN, "none", NULL},
    {OPTION_MIDI, VALUE_OTHER, NULL, "*.mid"},
    {OPTION_MIDI_OUT, VALUE_MIDI_OUT, "none", "*.mid"},
    {OPTION_CONTROL, VALUE_OTHER, "unix -", ""},
    {OPTION_HTTP_BIND, VALUE_OTHER, "127.0.0.1 0.0.0.0 ::", NULL},
    {OPTION_KEYBOARD, VALUE_OTHER, "tty evdev", ""},
    {OPTION_RENDER, VALUE_OTHER, "- none", "*.wav"},
    {OPTION_RECORD, VALUE_OTHER, NULL, "*.wav"},
    {OPTION_INPUT, VALUE_OTHER, "off", "*.wav"},
    {OPTION_PRESETS, VALUE_OTHER, NULL, "*.json"},
    {OPTION_CC_MAP, VALUE_OTHER, "none", "*.json"},
    {OPTION_STATS_JSON, VALUE_OTHER, NULL, "*.json"},
};

static const struct offer *find_offer(enum option_id id)
{
    static const struct offer nothing = {OPTION_HELP, VALUE_OTHER, NULL, NULL};
    for (size_t i = 0; i < sizeof(offers) / sizeof(*offers); i++) {
        if (offers[i].id == id) {
            return &offers[i];
        }
    }
    return &nothing;
}

static void offer_words(const struct completion *completion, const char *words)
{
    while (words != NULL && *words != '\0') {
        char word[16];
        size_t length = strcspn(words, " ");
        (void)snprintf(word, sizeof(word), "%.*s", (int)length, words);
        completion_word(completion, word, NULL);
        words += length + (words[length] != '\0');
    }
}

/* Behind the '=' of a --set, --load or --cc. */
static enum value_kind complete_pair(struct completion *completion,
                                     enum option_id id)
{
    const char *equals = strchr(completion->typed + completion->skip, '=');
    bool is_cc = id == OPTION_CC;
    if (equals == NULL) {
        return is_cc ? VALUE_OTHER : VALUE_SETTING;
    }
    completion->skip = (size_t)(equals + 1 - completion->typed);
    if (id == OPTION_LOAD) {
        completion_files(completion, "");
    }
    return is_cc ? VALUE_NAME : VALUE_OTHER;
}

static enum value_kind complete_value(struct completion *completion,
                                      const struct option_row *row)
{
    static const char socket[] = "unix:";
    const struct option_choice *choices = options_choices(row->id);
    const struct offer *offer = find_offer(row->id);
    const char *start = completion->typed + completion->skip;
    for (; choices != NULL && choices->name != NULL; choices++) {
        completion_word(completion, choices->name, NULL);
    }
    if (offer->kind == VALUE_SETTING) {
        return complete_pair(completion, row->id);
    }
    if (offer->kind == VALUE_NAMES && strrchr(start, ',') != NULL) {
        completion->skip += (size_t)(strrchr(start, ',') + 1 - start);
    }
    offer_words(completion, offer->words);
    if (row->id == OPTION_CONTROL) {
        completion_part(completion, socket, "", NULL);
        if (strncmp(start, socket, strlen(socket)) == 0) {
            completion->skip += strlen(socket);
        }
    }
    if (offer->pattern != NULL || strcmp(row->argument, "FILE") == 0) {
        completion_files(completion,
                         offer->pattern != NULL ? offer->pattern : "");
    }
    return offer->kind;
}

enum value_kind options_complete(struct completion *completion,
                                 char *const *words, size_t count)
{
    struct completion_option options[OPTIONS_MAX];
    size_t index;
    for (size_t i = 0; i < option_count; i++) {
        const struct option_row *row = &option_table[i];
        options[i] =
            (struct completion_option){.letter = row->letter,
                                       .has_value = row->argument != NULL,
                                       .is_optional = row->is_optional,
                                       .name = row->name,
                                       .help = row->text};
    }
    if (completion_find_value(completion, options, option_count, words, count,
                              &index)) {
        return complete_value(completion, &option_table[index]);
    }
    completion_options(completion, options, option_count);
    /* --list, --params and --views take a pattern as the next word. */
    for (size_t i = 0; i + 1 < count; i++) {
        if (strcmp(words[i], "--list") == 0 ||
            strcmp(words[i], "--params") == 0 ||
            strcmp(words[i], "--views") == 0) {
            return VALUE_NAME;
        }
    }
    return VALUE_OTHER;
}
