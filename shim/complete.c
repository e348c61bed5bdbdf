/* SPDX-License-Identifier: MIT */
#include "complete.h"

#include "channel/vocabulary.h"
#include "common/print.h"
#include "common/words.h"
#include "completion/completion.h"
#include "live.h"
#include "midi/midi_ports.h"
#include "options/options.h"

#include <string.h>

/* A name from outside, or its beginning with 'tail' behind. What cannot be
 * shown as it is cannot be typed either. */
static void offer(const struct completion *completion, const char *name,
                  const char *tail, const char *help)
{
    help = help != NULL && print_is_plain(help) ? help : NULL;
    if (!print_is_plain(name)) {
        return;
    }
    if (tail != NULL) {
        completion_part(completion, name, tail, help);
    } else {
        completion_word(completion, name, help);
    }
}

/* 'tail' behind each name, or NULL: words of their own. */
static void offer_names(const struct completion *completion,
                        const struct f4e_patch *patch, const char *tail)
{
    for (unsigned i = 0; i < patch->item_count; i++) {
        offer(completion, patch->items[i].name, tail, patch->items[i].type);
    }
}

/* --presets FILE, if it is among the words. */
static const char *find_presets(char *const *words, size_t count)
{
    static const char joined[] = "--presets=";
    for (size_t i = 0; i < count; i++) {
        if (strncmp(words[i], joined, strlen(joined)) == 0) {
            return words[i] + strlen(joined);
        }
        if (strcmp(words[i], "--presets") == 0 && i + 1 < count) {
            return words[i + 1];
        }
    }
    return NULL;
}

/* The name as a word of a request, in quotes where it has blanks. */
static void quote(const char *name, char *text, size_t size)
{
    size_t used = 0;
    text[used++] = '"';
    for (; *name != '\0' && used + 3 < size; name++) {
        if (*name == '"' || *name == '\\') {
            text[used++] = '\\';
        }
        text[used++] = *name;
    }
    text[used++] = '"';
    text[used] = '\0';
}

static void offer_presets(const struct completion *completion,
                          const struct f4e_patch *patch, const char *path,
                          bool is_request)
{
    struct failure failure = {0};
    struct options options = {.presets = path, .is_quiet = true};
    struct presets presets = {0};
    const struct preset_list *list =
        presets_open(&presets, patch, &options, &failure)
            ? presets_list(&presets, &failure)
            : NULL;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        char text[2 * PRESET_NAME_BYTES + 3];
        const char *name = list->presets[i].name;
        if (is_request && strpbrk(name, " \"#") != NULL) {
            quote(name, text, sizeof(text));
            name = text;
        }
        offer(completion, name, NULL, NULL);
    }
    presets_close(&presets);
}

static void offer_exports(const struct completion *completion,
                          const struct f4e_patch *patch)
{
    for (unsigned i = 0; i < patch->export_count; i++) {
        offer(completion, patch->exports[i].name, NULL,
              patch->exports[i].signature);
    }
}

static void offer_port(const struct midi_port *port, void *arg)
{
    char address[24];
    (void)snprintf(address, sizeof(address), "%d:%d", port->client, port->port);
    offer(arg, address, NULL, port->name);
}

/* Their addresses, with their names as the help. */
static void offer_ports(struct completion *completion,
                        enum midi_direction direction)
{
    struct failure failure = {0};
    snd_seq_t *handle = midi_ports_open("f4e", "none", &failure);
    if (handle != NULL) {
        midi_ports_visit(handle, direction, offer_port, completion);
        (void)snd_seq_close(handle);
    }
}

/* Cards by their name, which stays when they are plugged in elsewhere. */
static void offer_cards(const struct completion *completion)
{
    enum { CARDS_MAX = 32 };
    for (int i = 0; i < CARDS_MAX; i++) {
        char path[40];
        char id[32];
        char word[64];
        (void)snprintf(path, sizeof(path), "/proc/asound/card%d/id", i);
        FILE *file = fopen(path, "re");
        if (file == NULL) {
            continue;
        }
        if (fgets(id, sizeof(id), file) != NULL) {
            id[strcspn(id, "\n")] = '\0';
            (void)snprintf(word, sizeof(word), "hw:CARD=%s", id);
            offer(completion, word, NULL, NULL);
            (void)snprintf(word, sizeof(word), "plughw:CARD=%s", id);
            offer(completion, word, NULL, NULL);
        }
        (void)fclose(file);
    }
}

/* One word of what describes the arguments of a request. */
static void offer_argument(const struct completion *completion,
                           const struct f4e_patch *patch, const char *word,
                           char *usage)
{
    usage += *usage == '[';
    usage[strcspn(usage, "].")] = '\0';
    bool is_preset = strcmp(word, "preset") == 0;
    if (strcmp(usage, "NAME") == 0 || strcmp(usage, "PATTERN") == 0 ||
        strcmp(usage, "OLD") == 0) {
        if (is_preset) {
            offer_presets(completion, patch, NULL, true);
        } else {
            offer_names(completion, patch, NULL);
        }
    } else if (strcmp(usage, "FILE") == 0) {
        completion_files(completion, "");
    } else if (strcmp(usage, "EXPORT") == 0) {
        offer_exports(completion, patch);
    } else if (strpbrk(usage, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == NULL) {
        char *rest = NULL;
        for (const char *choice = strtok_r(usage, "|", &rest); choice != NULL;
             choice = strtok_r(NULL, "|", &rest)) {
            completion_word(completion, choice, NULL);
        }
    }
}

/* One way of using a word: 'usage' is changed. The words behind it are typed
 * up to the last one. */
static void offer_usage(const struct completion *completion,
                        const struct f4e_patch *patch, const char *word,
                        char *usage, char *const *typed, size_t count)
{
    char *last = NULL;
    for (size_t at = 0; at < count; at++) {
        char *argument = words_next(&usage);
        bool is_end = argument == NULL;
        if (is_end && (last == NULL || strstr(last, "...") == NULL)) {
            return;
        }
        last = is_end ? last : argument;
        /* A verb that is another one: this is not the way. */
        bool is_verb =
            at == 0 && strpbrk(last, "ABCDEFGHIJKLMNOPQRSTUVWXYZ|") == NULL;
        if (at + 1 < count && is_verb && strcmp(last, typed[at]) != 0) {
            return;
        }
    }
    offer_argument(completion, patch, word, last);
}

static void offer_request(const struct completion *completion,
                          const struct f4e_patch *patch,
                          const struct word *word, char *const *typed,
                          size_t count)
{
    char usage[160];
    char *rest = usage;
    (void)snprintf(usage, sizeof(usage), "%s", word->usage);
    while (rest != NULL) {
        char *way = rest;
        rest = strstr(rest, " | ");
        if (rest != NULL) {
            *rest = '\0';
            rest += strlen(" | ");
        }
        offer_usage(completion, patch, word->name, way, typed, count);
    }
}

/* Behind "ctl": its options, a request, the arguments of that. */
static void complete_ctl(struct completion *completion,
                         const struct f4e_patch *patch, char *const *words,
                         size_t count)
{
    static const struct completion_option options[] = {
        {0, true, false, "socket", "of the copy that is meant"},
        {0, true, false, "timeout", "seconds to wait for an answer"},
        {0, false, false, "json", "answers in JSON"},
        {'h', false, false, "help", "the commands"},
    };
    const size_t option_count = sizeof(options) / sizeof(*options);
    const struct word_table *tables[] = {&vocabulary_own, &live_vocabulary};
    size_t at = 0;
    size_t index;
    while (at + 1 < count && strncmp(words[at], "--", 2) == 0) {
        bool has_value = strcmp(words[at], "--socket") == 0 ||
                         strcmp(words[at], "--timeout") == 0;
        at += has_value && at + 2 < count ? 2 : 1;
    }
    if (at + 1 >= count &&
        completion_find_value(completion, options, option_count, words, count,
                              &index)) {
        if (index == 0) {
            completion_files(completion, "*.sock");
        }
        return;
    }
    if (at + 1 == count) {
        completion_options(completion, options, option_count);
    }
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < tables[i]->count; k++) {
            const struct word *word = &tables[i]->words[k];
            if (at + 1 == count) {
                completion_word(completion, word->name, word->usage);
            } else if (strcmp(words[at], word->name) == 0) {
                offer_request(completion, patch, word, words + at + 1,
                              count - at - 1);
            }
        }
    }
}

void complete_run(const struct f4e_patch *patch, char *const *words,
                  size_t count, FILE *file)
{
    if (count == 0) {
        return;
    }
    struct completion completion = {.file = file, .typed = words[count - 1]};
    if (count > 1 && strcmp(words[0], "ctl") == 0) {
        complete_ctl(&completion, patch, words + 1, count - 1);
        return;
    }
    if (count == 1) {
        completion_word(&completion, "ctl", "ask a copy that plays");
    }
    switch (options_complete(&completion, words, count)) {
    case VALUE_NAME:
    case VALUE_NAMES:
        offer_names(&completion, patch, NULL);
        break;
    case VALUE_SETTING:
        offer_names(&completion, patch, "=");
        break;
    case VALUE_PRESET:
        offer_presets(&completion, patch, find_presets(words, count - 1),
                      false);
        break;
    case VALUE_EXPORT:
        offer_exports(&completion, patch);
        break;
    case VALUE_MIDI_IN:
        offer_ports(&completion, MIDI_PORTS_IN);
        break;
    case VALUE_MIDI_OUT:
        offer_ports(&completion, MIDI_PORTS_OUT);
        break;
    case VALUE_DEVICE:
        offer_cards(&completion);
        break;
    case VALUE_OTHER:
        break;
    }
}
