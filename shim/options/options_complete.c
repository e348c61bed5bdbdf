/* SPDX-License-Identifier: MIT */
/* Declared in options/options.h. */
#include "options/options.h"

#include "common/words.h"
#include "options/options_internal.h"

#include <string.h>

enum { OPTIONS_MAX = 128 };

/* What may be said of values beyond the words of options_choice(); a FILE that
 * is not here is any file. */
static const struct offer {
    uint16_t id;    /* enum option_id */
    uint8_t kind;   /* enum value_kind */
    bool is_file;   /* also when it is not a FILE */
    char texts[22]; /* words with blanks between, then the pattern of files:
                       "" for any */
} offers[] = {
    {OPTION_DEVICE, VALUE_DEVICE, false, "default"},
    {OPTION_IN_DEVICE, VALUE_DEVICE, false, "default"},
    {OPTION_SET, VALUE_SETTING, false, ""},
    {OPTION_LOAD, VALUE_SETTING, false, ""},
    {OPTION_CC, VALUE_SETTING, false, ""},
    {OPTION_WATCH, VALUE_NAMES, false, ""},
    {OPTION_LIST, VALUE_NAME, false, ""},
    {OPTION_PRESET, VALUE_PRESET, false, ""},
    {OPTION_RUN_ENTRY, VALUE_EXPORT, false, ""},
    {OPTION_MIDI_IN, VALUE_MIDI_IN, false, "none"},
    {OPTION_MIDI, VALUE_OTHER, true, "\0*.mid"},
    {OPTION_MIDI_OUT, VALUE_MIDI_OUT, true, "none\0*.mid"},
    {OPTION_CONTROL, VALUE_OTHER, true, "unix -"},
    {OPTION_HTTP_BIND, VALUE_OTHER, false, "127.0.0.1 0.0.0.0 ::"},
    {OPTION_KEYBOARD, VALUE_OTHER, true, "tty evdev"},
    {OPTION_RENDER, VALUE_OTHER, true, "- none\0*.wav"},
    {OPTION_RECORD, VALUE_OTHER, true, "\0*.wav"},
    {OPTION_INPUT, VALUE_OTHER, true, "off\0*.wav"},
    {OPTION_PRESETS, VALUE_OTHER, true, "\0*.json"},
    {OPTION_CC_MAP, VALUE_OTHER, true, "none\0*.json"},
    {OPTION_STATS_JSON, VALUE_OTHER, true, "\0*.json"},
};

static const struct offer *find_offer(enum option_id id)
{
    static const struct offer nothing = {.id = OPTION_HELP,
                                         .kind = VALUE_OTHER};
    for (size_t i = 0; i < sizeof(offers) / sizeof(*offers); i++) {
        if (offers[i].id == id) {
            return &offers[i];
        }
    }
    return &nothing;
}

static void offer_words(const struct completion *completion, const char *words)
{
    while (*words != '\0') {
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
    const struct option_choice *choice = NULL;
    const struct offer *offer = find_offer(row->id);
    const char *start = completion->typed + completion->skip;
    for (unsigned i = 0; (choice = options_choice(row->id, i)) != NULL; i++) {
        completion_word(completion, choice->name, NULL);
    }
    if (offer->kind == VALUE_SETTING) {
        return complete_pair(completion, row->id);
    }
    if (offer->kind == VALUE_NAMES && strrchr(start, ',') != NULL) {
        completion->skip += (size_t)(strrchr(start, ',') + 1 - start);
    }
    offer_words(completion, offer->texts);
    if (row->id == OPTION_CONTROL) {
        completion_part(completion, socket, "", NULL);
        if (strncmp(start, socket, strlen(socket)) == 0) {
            completion->skip += strlen(socket);
        }
    }
    if (offer->is_file || strcmp(option_argument(row), "FILE") == 0) {
        completion_files(completion, words_behind(offer->texts));
    }
    return (enum value_kind)offer->kind;
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
                                       .has_value = option_has_value(row),
                                       .is_optional = row->is_optional,
                                       .name = option_name(row),
                                       .help = option_text(row)};
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
